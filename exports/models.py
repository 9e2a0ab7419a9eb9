"""The exports people have asked for."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.clock import now
from core.ids import new_id


class Export(models.Model):
    """An archive of a person's data, or the wish for one. Its file has the name of its id."""

    class State(models.TextChoices):
        """It only moves on."""

        WAITING = "waiting"
        RUNNING = "running"
        READY = "ready"
        FAILED = "failed"

    class Reason(models.TextChoices):
        """Why it failed."""

        DISK_FULL = "disk_full"
        FAILED = "failed"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=9, choices=Reason, blank=True, default="")
    #: How often a worker began.
    tries = models.SmallIntegerField(default=0)
    #: 0 to 1.
    progress = models.FloatField(default=0)
    #: Bytes, once it is ready.
    size = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)
    #: When the file goes.
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state__in=["waiting", "running"]),
                name="exports_one_at_a_time",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="exports_created")]

    def __str__(self) -> str:
        return f"export {self.pk} of {self.user_id}: {self.state}"

    @property
    def is_under_way(self) -> bool:
        """Whether a worker makes it, or will."""
        return self.state in {self.State.WAITING, self.State.RUNNING}
