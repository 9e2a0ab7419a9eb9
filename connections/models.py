"""Tables of connections. The id of a row is ordered by time, so lists page by it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

from core.clock import now
from core.ids import new_id


class QrToken(models.Model):
    """The one QR code a person can show: a new one takes the row of the old.

    The token itself is nowhere; ``token_hash`` is the SHA-256 of it, in hexadecimal.
    """

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "QR token"

    def __str__(self) -> str:
        return f"QR token of {self.owner_id}"


class ConnectionRequest(models.Model):
    """What a scan makes: ``scanner`` asks, ``owner`` (who showed the code) answers."""

    class Status(models.TextChoices):
        """``pending`` is the only open one."""

        PENDING = "pending"
        ACCEPTED = "accepted"
        REJECTED = "rejected"
        WITHDRAWN = "withdrawn"
        EXPIRED = "expired"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    scanner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                Least("scanner", "owner"),
                Greatest("scanner", "owner"),
                condition=Q(status="pending"),
                name="one_open_request_a_pair",
            ),
            models.CheckConstraint(
                condition=~Q(scanner=F("owner")), name="request_between_two_people"
            ),
        )
        indexes = (
            models.Index(
                fields=("expires_at",),
                condition=Q(status="pending"),
                name="open_request_expires_at",
            ),
            models.Index(
                fields=("decided_at",),
                condition=~Q(status="pending"),
                name="closed_request_decided_at",
            ),
        )

    def __str__(self) -> str:
        return f"{self.scanner_id} asks {self.owner_id}: {self.status}"


class Connection(models.Model):
    """Two people who know each other; one row a pair, the lower id first."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    # The unique constraint serves look-ups by ``low``.
    low = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    high = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    since = models.DateTimeField(default=now)

    class Meta:
        # With the low one in it, so that looking up one pair is exact by either index.
        indexes = (models.Index(fields=("high", "low"), name="connection_high"),)
        constraints = (
            models.UniqueConstraint(fields=("low", "high"), name="one_connection_a_pair"),
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="connection_low_first"),
        )

    def __str__(self) -> str:
        return f"{self.low_id} and {self.high_id}"

    def other_id(self, user_id: int) -> int:
        """The id of the one of the two who is not ``user_id``."""
        return self.high_id if user_id == self.low_id else self.low_id


class Block(models.Model):
    """``blocker`` wants nothing of ``blocked``; only the blocker ever learns of it."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    blocker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    blocked = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("blocker", "blocked"), name="one_block_a_pair"),
            models.CheckConstraint(
                condition=~Q(blocker=F("blocked")), name="nobody_blocks_oneself"
            ),
        )

    def __str__(self) -> str:
        return f"{self.blocker_id} blocks {self.blocked_id}"
