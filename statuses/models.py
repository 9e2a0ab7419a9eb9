"""Statuses, and who has looked at them."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.clock import now
from core.ids import new_id


class Status(models.Model):
    """Something shown until ``expires_at``, to connections: all, only some, or all but some."""

    class Kind(models.TextChoices):
        """What it shows."""

        TEXT = "text"
        IMAGE = "image"
        VIDEO = "video"

    class Audience(models.TextChoices):
        """Which connections may see it; ``people`` names the exceptions."""

        ALL = "all"
        ONLY = "only"
        EXCEPT = "except"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind)
    text = models.TextField(blank=True, default="")
    #: Of a picture or a film: the medium, which is held (``media.actions.media``) while this is.
    medium_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    background = models.CharField(max_length=32, blank=True, default="")
    audience = models.CharField(max_length=6, choices=Audience, default=Audience.ALL)
    people = ArrayField(models.BigIntegerField(), default=list, blank=True)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(db_index=True)
    client_id = models.CharField(max_length=64, null=True)  # noqa: DJ001  # unique with the user
    digest = models.BinaryField(max_length=16, null=True)

    class Meta:
        verbose_name_plural = "statuses"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "client_id"], name="statuses_client_id"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} status {self.pk} of {self.user_id}"


class View(models.Model):
    """That somebody has looked at a status, for the first time."""

    status = models.ForeignKey(Status, models.CASCADE, related_name="views", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["status", "user"], name="statuses_view_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} saw {self.status_id}"


class SwitchedOff(models.Model):
    """A person who wants no statuses: shows none, and is shown none."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    at = models.DateTimeField(default=now)

    class Meta:
        verbose_name_plural = "switched off"

    def __str__(self) -> str:
        return f"{self.user_id} wants no statuses"
