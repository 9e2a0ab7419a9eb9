"""Users, their devices, the codes that prove an identifier, counters, and the personal log."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from core.clock import now
from core.ids import new_id

USERNAME_PATTERN = r"^[a-z0-9_.]{3,32}\Z"


class Audience(models.TextChoices):
    """Who may see something of mine; "everyone" is whom I share a connection or a group with."""

    EVERYONE = "everyone"
    CONNECTIONS = "connections"
    NOBODY = "nobody"


class UserManager(BaseUserManager["User"]):
    """Makes users for commands and tests; people come in through ``accounts.otp`` and register."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """A saved user; without a password only codes let them in."""
        user = self.model(username=username.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """A saved user who may do everything in the admin."""
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user of a username in any case; raises DoesNotExist."""
        return self.get(username=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. ``email`` and ``phone`` are proven and normalised; ``pending_`` ones only claimed.

    An erased person keeps the row, so that what others hold still has an author.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(
        max_length=32, unique=True, validators=[RegexValidator(USERNAME_PATTERN)]
    )
    name = models.CharField(max_length=64, blank=True, default="")
    about = models.CharField(max_length=300, blank=True, default="")
    #: The medium that is the person's picture; the app of media, above this one, looks after it.
    avatar_id = models.BigIntegerField(null=True, blank=True, editable=False)
    email = models.EmailField(unique=True, null=True, blank=True)
    phone = models.CharField(max_length=16, unique=True, null=True, blank=True)
    pending_email = models.EmailField(blank=True, default="")
    pending_phone = models.CharField(max_length=16, blank=True, default="")

    privacy_last_seen = models.CharField(
        max_length=11, choices=Audience.choices, default=Audience.CONNECTIONS
    )
    privacy_online = models.CharField(
        max_length=11, choices=Audience.choices, default=Audience.CONNECTIONS
    )
    privacy_avatar = models.CharField(
        max_length=11, choices=Audience.choices, default=Audience.CONNECTIONS
    )
    privacy_about = models.CharField(
        max_length=11, choices=Audience.choices, default=Audience.CONNECTIONS
    )
    privacy_statuses = models.CharField(
        max_length=11, choices=Audience.choices, default=Audience.CONNECTIONS
    )
    read_receipts = models.BooleanField(default=True)
    typing = models.BooleanField(default=True)

    #: The last position handed out in the personal log, and the last one pruned from it.
    log_position = models.BigIntegerField(default=0, editable=False)
    log_floor = models.BigIntegerField(default=0, editable=False)
    last_seen_at = models.DateTimeField(null=True, blank=True)

    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True, help_text="Off: suspended, or erased.")
    #: Of a suspension: when it ends, null for never, and what the person is told.
    suspended_until = models.DateTimeField(null=True, blank=True, editable=False)
    suspension_reason = models.CharField(
        max_length=300, blank=True, default="", db_default="", editable=False
    )
    #: When the person erased the account, and when all that they had left was gone.
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    cleared_at = models.DateTimeField(null=True, blank=True, editable=False)
    date_joined = models.DateTimeField(default=now, editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        constraints: ClassVar = [
            # Lower case only, so plain uniqueness is uniqueness regardless of case. People choose
            # three characters or more; load tests have a user called u0.
            models.CheckConstraint(
                condition=Q(username__regex=r"^[a-z0-9_.]{1,32}$"), name="accounts_user_username"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["suspended_until"],
                condition=Q(suspended_until__isnull=False),
                name="accounts_user_suspended_until",
            ),
            # The few whose data a worker has still to remove.
            models.Index(
                fields=["deleted_at"],
                condition=Q(deleted_at__isnull=False, cleared_at__isnull=True),
                name="accounts_user_uncleared",
            ),
        ]

    def __str__(self) -> str:
        return self.username


def first_rotation() -> list[datetime]:
    """A new device's token counts as made now."""
    return [now()]


class Device(models.Model):
    """A signed-in client: what tokens are bound to. Revoked ones never come back to life.

    ``generation`` counts the rotations of its refresh token; ``rotations`` holds the times of the
    last ones, newest last, as far as a repeat may still get the same answer.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    name = models.CharField(max_length=100, blank=True, default="")
    platform = models.CharField(max_length=50, blank=True, default="")
    generation = models.BigIntegerField(default=1)
    rotations = ArrayField(models.DateTimeField(), default=first_rotation)
    created_at = models.DateTimeField(default=now)
    last_used_at = models.DateTimeField(default=now, db_index=True)
    otp_at = models.DateTimeField(null=True, blank=True, help_text="Signed in by a code then.")
    revoked_at = models.DateTimeField(null=True, blank=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.name or 'device'} ({self.pk})"


class Challenge(models.Model):
    """A code that was sent. Only the newest of an identifier and purpose can be answered.

    ``user`` set: that account wants the identifier; null: whoever answers signs in with it.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    identifier = models.CharField(max_length=254)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="challenges")
    code_hash = models.CharField(max_length=64)
    tries = models.SmallIntegerField(default=0)
    created_at = models.DateTimeField(default=now, db_index=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["identifier", "-id"], name="accounts_challenge_newest")
        ]

    def __str__(self) -> str:
        return f"{self.identifier} ({self.pk})"


class Counter(models.Model):
    """When something guarded was tried, as far as it counts; the oldest first."""

    key = models.CharField(max_length=100, primary_key=True)
    hits = ArrayField(models.DateTimeField())
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key


class PersonalEvent(models.Model):
    """An entry of a user's own log: positions 1, 2, 3 … in commit order (see ``accounts.log``)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="personal_events")
    position = models.BigIntegerField()
    event = models.CharField(max_length=40)
    data = models.JSONField()
    created_at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "position"], name="accounts_personalevent_position"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}:{self.position} {self.event}"
