"""Chats and who is in them. A chat is an ordered log: ``head`` is the last ``seq`` handed out.

``seq`` is taken under the chat row's lock in the transaction that inserts, so commit order is seq
order and nothing becomes visible late (docs/decisions/0003).
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.clock import now
from core.ids import new_id


class Chat(models.Model):
    """A conversation. A direct one belongs to a pair (``low`` < ``high``), one a pair for ever."""

    class Kind(models.TextChoices):
        """Two people, or many."""

        DIRECT = "direct"
        GROUP = "group"

    class Who(models.TextChoices):
        """Who may do something in a group; owner and admins always may."""

        ALL = "all"
        ADMINS = "admins"

    class History(models.TextChoices):
        """What a newcomer sees of a group's history: all, or what follows the joining."""

        ALL = "all"
        JOINED = "joined"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=6, choices=Kind)
    low = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", db_index=False
    )
    high = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", db_index=False
    )
    name = models.CharField(max_length=100, blank=True, default="")
    description = models.CharField(max_length=512, blank=True, default="", db_default="")
    #: The medium that is a group's picture; the chat holds it (``chat.actions.group_avatars``).
    avatar_id = models.BigIntegerField(null=True, blank=True, editable=False)
    post = models.CharField(max_length=6, choices=Who, default=Who.ALL, db_default="all")
    edit_info = models.CharField(max_length=6, choices=Who, default=Who.ALL, db_default="all")
    invite = models.CharField(max_length=6, choices=Who, default=Who.ADMINS, db_default="admins")
    history = models.CharField(
        max_length=6, choices=History, default=History.JOINED, db_default="joined"
    )
    #: Seconds that a message lives which is sent from now on; null: for ever.
    disappear_after = models.PositiveIntegerField(null=True, blank=True)
    head = models.BigIntegerField(default=0)
    #: The seq of the newest message; events take the others.
    last_seq = models.BigIntegerField(default=0, db_default=0)
    #: Kept under the chat's lock by everything that changes who is in it.
    members_count = models.PositiveIntegerField(default=2, db_default=2)
    #: Raised by every change of who is in it and of who may write: who has waited to write reads
    #: both again, and a hub with older members loads them anew.
    members_version = models.BigIntegerField(default=1)
    created_at = models.DateTimeField(default=now)
    #: Of the newest message: the order of the chat list.
    active_at = models.DateTimeField(default=now)
    #: Of the last thing that took a seq: what the heartbeat tells.
    moved_at = models.DateTimeField(default=now, db_default=Now())
    #: Who made a group, under which ``client_id``, and a hash of what was asked for.
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    client_id = models.CharField(max_length=64, null=True)  # noqa: DJ001  # unique with the creator
    digest = models.BinaryField(max_length=16, null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["low", "high"], name="chat_one_direct_a_pair"),
            models.UniqueConstraint(
                fields=["creator", "client_id"],
                condition=Q(client_id__isnull=False),
                name="chat_group_client_id",
            ),
            models.CheckConstraint(
                condition=Q(kind="direct", low__lt=F("high"))
                | Q(kind="group", low=None, high=None),
                name="chat_direct_has_a_pair",
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.kind} {self.pk}"


class Membership(models.Model):
    """A person in a chat. Receipts are its two marks: seen <= delivered <= the chat's head."""

    class Role(models.TextChoices):
        """What a member may do; in direct chats everybody is ``member``."""

        OWNER = "owner"
        ADMIN = "admin"
        MEMBER = "member"

    chat = models.ForeignKey(Chat, models.CASCADE, related_name="memberships", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", db_index=False
    )
    role = models.CharField(max_length=6, choices=Role, default=Role.MEMBER)
    joined_at = models.DateTimeField(default=now)
    #: By which invite, if by one: so that a leaked one can be cleaned up after.
    invite = models.ForeignKey(
        "chat.Invite",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="let_in",
        db_index=False,
    )
    #: The seq of joining: what came before was not sent to the person, also where they may read it.
    joined = models.BigIntegerField(default=0, db_default=0)
    #: History begins after this seq: that of joining, or where the person has cleared the chat.
    start = models.BigIntegerField(default=0)
    delivered = models.BigIntegerField(default=0)
    seen = models.BigIntegerField(default=0)
    #: When a mark last rose; sync repairs marks by it.
    marks_at = models.DateTimeField(default=now)
    # What the person has set for themselves.
    muted_until = models.DateTimeField(null=True, blank=True)
    archived = models.BooleanField(default=False, db_default=False)
    pinned = models.BooleanField(default=False, db_default=False)
    marked_unread = models.BooleanField(default=False, db_default=False)
    draft = models.TextField(blank=True, default="", db_default="")
    #: Deleted for this person: not in the list until a message follows ``start``.
    hidden = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chat", "user"], name="chat_membership_once"),
            models.CheckConstraint(
                condition=Q(seen__lte=F("delivered")), name="chat_seen_was_delivered"
            ),
        ]
        # With the chat in it, so that looking up one membership is exact by either index.
        indexes: ClassVar = [
            models.Index(fields=["user", "chat"], name="chat_membership_user"),
            models.Index(
                fields=["invite"],
                condition=Q(invite__isnull=False),
                name="chat_membership_invite",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.chat_id}"

    @property
    def is_admin(self) -> bool:
        """Whether the member runs the group: its owner does too."""
        return self.role != self.Role.MEMBER
