"""Tables of chats. Each chat is an ordered log: ``head`` is the last ``seq`` handed out.

``seq`` is taken under the chat row's lock in the transaction that inserts, so commit order is seq
order and nothing becomes visible late (docs/decisions/0003).
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.clock import now
from core.ids import new_id


class Chat(models.Model):
    """A conversation. A direct one belongs to a pair (``low`` < ``high``), one a pair for ever."""

    class Kind(models.TextChoices):
        """Two people, or many."""

        DIRECT = "direct"
        GROUP = "group"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=6, choices=Kind)
    low = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", db_index=False
    )
    high = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", db_index=False
    )
    name = models.CharField(max_length=100, blank=True, default="")
    head = models.BigIntegerField(default=0)
    #: Raised by every change of who is in it; a hub with older members loads them anew.
    members_version = models.BigIntegerField(default=1)
    created_at = models.DateTimeField(default=now)
    #: Of the last thing that took a seq: the order of the chat list.
    active_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["low", "high"], name="chat_one_direct_a_pair"),
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
    #: History begins after this seq.
    start = models.BigIntegerField(default=0)
    delivered = models.BigIntegerField(default=0)
    seen = models.BigIntegerField(default=0)
    #: When a mark last rose; sync repairs marks by it.
    marks_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chat", "user"], name="chat_membership_once"),
            models.CheckConstraint(
                condition=Q(seen__lte=F("delivered")), name="chat_seen_was_delivered"
            ),
        ]
        # With the chat in it, so that looking up one membership is exact by either index.
        indexes: ClassVar = [models.Index(fields=["user", "chat"], name="chat_membership_user")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.chat_id}"


class Message(models.Model):
    """A message: an event of its chat's log. Clients call it ``<chat>-<seq>``.

    The surrogate key serves the admin and foreign keys only (docs/decisions/0004).
    """

    class Kind(models.TextChoices):
        """What it holds."""

        TEXT = "text"
        SYSTEM = "system"

    # No constraints in the database: the one statement that inserts has just read both rows, none
    # of which is ever deleted, and checking again costs a tenth of it (decision 0006).
    chat = models.ForeignKey(
        Chat, models.CASCADE, related_name="messages", db_index=False, db_constraint=False
    )
    seq = models.BigIntegerField()
    #: Null for system messages.
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    #: Null, not empty, where there is no sender: the two are unique together.
    client_id = models.CharField(max_length=64, null=True)  # noqa: DJ001
    #: Of what was first sent under ``client_id``, so that later edits do not matter.
    digest = models.BinaryField(max_length=16, null=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.TEXT)
    text = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    #: Then ``text`` is empty; the place in the log stays.
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chat", "seq"], name="chat_message_place"),
            models.UniqueConstraint(fields=["sender", "client_id"], name="chat_message_client_id"),
        ]

    def __str__(self) -> str:
        return f"{self.chat_id}-{self.seq}"


class Receipt(models.Model):
    """When a mark reached ``upto``: at most one row a member, kind and second, for message info."""

    class Kind(models.TextChoices):
        """Which of the two marks rose."""

        DELIVERED = "delivered"
        SEEN = "seen"

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=9, choices=Kind)
    #: Unix time of ``at`` in whole seconds.
    second = models.BigIntegerField()
    upto = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["membership", "kind", "second"], name="chat_receipt_a_second"
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.kind} {self.upto}"


class Epoch(models.Model):
    """One row: a salt that backups leave out, so that clients of a restored one start afresh."""

    salt = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.salt
