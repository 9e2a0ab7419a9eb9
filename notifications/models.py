"""Tables of notifications. The id of a row is ordered by time, so lists page by it."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core.clock import now
from core.ids import new_id


class Notification(models.Model):
    """Something that happened to a person and is no message; messages are counted by their chats.

    ``data`` holds ids only: what they stand for is looked up when it is shown.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=24)
    #: Who did it; null: the server.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    data = models.JSONField(default=dict)
    #: What it is about: of several of one key only the first is made, until it is read.
    key = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField(default=now, db_index=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["user", "-id"], name="notification_of_user"),
            models.Index(
                fields=["user"], condition=Q(read_at__isnull=True), name="notification_unread"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "key"],
                condition=Q(read_at__isnull=True) & ~Q(key=""),
                name="notification_unread_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"


class Preferences(models.Model):
    """What a person wants to be told of, and how; a person without a row has the defaults."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    push = models.BooleanField(default=True)
    #: Whether pushes say who wrote what; else they say only that something has come.
    preview = models.BooleanField(default=False)
    mail = models.BooleanField(default=False)
    reactions = models.BooleanField(default=True)
    connections = models.BooleanField(default=True)
    #: Between these times of the person's day nothing is pushed; both or none.
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    #: What is older is in a mail already, or was there before mails were switched on.
    mailed_upto = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "preferences"
        indexes: ClassVar = [
            models.Index(fields=["user"], condition=Q(mail=True), name="preferences_mail"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_to=None)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="preferences_quiet_from_and_to",
            )
        ]

    def __str__(self) -> str:
        return f"preferences of {self.user_id}"


class PushSubscription(models.Model):
    """Where a device's browser wants its pushes; goes with the device."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    device = models.OneToOneField("accounts.Device", models.CASCADE, related_name="+")
    #: A URL that whoever knows it may push to.
    endpoint = models.CharField(max_length=1000, unique=True)
    #: The browser's public key and its secret, as it gave them (RFC 8291).
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=32)
    created_at = models.DateTimeField(default=now)
    #: Of the newest message that was pushed here.
    told_upto = models.DateTimeField(null=True, blank=True)
    #: Failed attempts since the last success.
    failures = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"subscription of device {self.device_id}"


class PushAttempt(models.Model):
    """A push that was sent, or could not be; kept PUSH_TRACE_DAYS, for whoever asks where it got.

    A push for messages tells of all unseen ones of ``chats`` from ``since`` to ``upto``.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    #: Of the device; no key, so that the trace outlives the subscription.
    device = models.BigIntegerField()
    #: The push service; the rest of an endpoint is a secret.
    host = models.CharField(max_length=253)
    kind = models.CharField(max_length=24)
    chats = ArrayField(models.BigIntegerField(), default=list, blank=True)
    since = models.DateTimeField(null=True, blank=True)
    upto = models.DateTimeField(null=True, blank=True)
    #: Of a notification: which; no key, for the same reason.
    notification = models.BigIntegerField(null=True, blank=True)
    #: What the push service answered; 0: nothing.
    status = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "upto"], name="push_attempt_covering")]

    def __str__(self) -> str:
        return f"{self.kind} to device {self.device}: {self.status}"
