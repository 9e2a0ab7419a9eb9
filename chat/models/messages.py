"""Messages, what happens to them, and what people attach to them."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from chat.models.chats import Chat
from core.clock import now

#: Stands in ``Message.mentions`` for everybody; no person has this id.
EVERYBODY = 0

#: A link as web/src/lib/text.ts makes them, in PostgreSQL's words; its word begins as JavaScript's.
_LINK = r"""(^|[^a-z0-9_])(https?://|www\.[a-z0-9-]+\.)[^\s<>"']"""

#: What the lists of a chat's media, files and links have: their indexes and their queries say it in
#: the same words (``chat.shared``).
WITH_MEDIA = Q(kind__in=["image", "video"], deleted_at__isnull=True)
WITH_FILES = Q(kind__in=["file", "audio"], deleted_at__isnull=True)
WITH_LINKS = Q(text__iregex=_LINK, deleted_at__isnull=True)


class Message(models.Model):
    """A message: an event of its chat's log. Clients call it ``<chat>-<seq>``.

    The surrogate key serves the admin and foreign keys only (docs/decisions/0004).
    """

    class Kind(models.TextChoices):
        """What it holds."""

        TEXT = "text"
        IMAGE = "image"
        VIDEO = "video"
        AUDIO = "audio"
        VOICE = "voice"
        FILE = "file"
        LOCATION = "location"
        CONTACT = "contact"
        POLL = "poll"
        CALL = "call"
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
    #: Null, not empty, where there is no sender or an erased one: the two are unique together.
    client_id = models.CharField(max_length=64, null=True)  # noqa: DJ001
    #: Of what was first sent under ``client_id``, so that later edits do not matter.
    digest = models.BinaryField(max_length=16, null=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.TEXT)
    text = models.TextField(blank=True, default="")
    #: By kind: a place, a contact, a poll, what a system message tells.
    content = models.JSONField(null=True, blank=True)
    #: Ids of media, in order; the message holds them (``chat.actions.attachments``).
    attachments = ArrayField(models.BigIntegerField(), null=True, blank=True)
    #: The seq of the message of this chat that it answers.
    reply_to = models.BigIntegerField(null=True, blank=True)
    #: How often it was passed on before it came here; 0: never.
    forwards = models.PositiveSmallIntegerField(default=0, db_default=0)
    #: Ids of people; EVERYBODY stands for all.
    mentions = ArrayField(models.BigIntegerField(), null=True, blank=True)
    #: Of the first link in the text, once the worker has fetched it.
    preview = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    #: Then ``text`` and all else it held is empty; the place in the log stays. What an erased
    #: person wrote reads as deleted before it is (``chat.queries.message_rows``).
    deleted_at = models.DateTimeField(null=True)
    pinned_at = models.DateTimeField(null=True, blank=True)
    #: From then on it is shown to nobody, and soon emptied.
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chat", "seq"], name="chat_message_place"),
            models.UniqueConstraint(fields=["sender", "client_id"], name="chat_message_client_id"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["chat", "seq"],
                condition=Q(mentions__isnull=False),
                name="chat_message_mentions",
            ),
            models.Index(
                fields=["chat", "pinned_at"],
                condition=Q(pinned_at__isnull=False),
                name="chat_message_pinned",
            ),
            models.Index(
                fields=["expires_at"],
                condition=Q(expires_at__isnull=False, deleted_at__isnull=True),
                name="chat_message_expires",
            ),
            models.Index(fields=["chat", "seq"], condition=WITH_MEDIA, name="chat_message_media"),
            models.Index(fields=["chat", "seq"], condition=WITH_FILES, name="chat_message_files"),
            models.Index(fields=["chat", "seq"], condition=WITH_LINKS, name="chat_message_links"),
        ]

    def __str__(self) -> str:
        return f"{self.chat_id}-{self.seq}"


class ChatEvent(models.Model):
    """Something that happened to a message, at its own place in the log."""

    class Change(models.TextChoices):
        """What happened."""

        EDITED = "edited"
        DELETED = "deleted"
        REACTED = "reacted"
        PINNED = "pinned"
        MEDIA = "media"
        VOTED = "voted"

    # No constraint, as for messages: chats are never deleted.
    chat = models.ForeignKey(
        Chat, models.CASCADE, related_name="events", db_index=False, db_constraint=False
    )
    seq = models.BigIntegerField()
    change = models.CharField(max_length=8, choices=Change)
    #: Of the message that it happened to.
    message_seq = models.BigIntegerField()
    #: Null where the server did it.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", db_index=False
    )
    #: Of a reaction: the emoji, null when it was taken back.
    emoji = models.CharField(max_length=64, null=True)  # noqa: DJ001  # null: taken back
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chat", "seq"], name="chat_event_place"),
        ]

    def __str__(self) -> str:
        return f"{self.chat_id}-{self.message_seq} {self.change} at {self.seq}"


class Edit(models.Model):
    """What a message said before it was edited; for moderation, never for clients."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="edits")
    text = models.TextField()
    #: When this version was replaced.
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.message_id} until {self.at}"


class _OfMessage(models.Model):
    """Something of a person's on a message, which is named by its place."""

    chat = models.ForeignKey(Chat, models.CASCADE, related_name="+", db_index=False)
    seq = models.BigIntegerField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.user_id} at {self.chat_id}-{self.seq}"


class Reaction(_OfMessage):
    """One emoji a person and message."""

    emoji = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chat", "seq", "user"], name="chat_one_reaction_each"),
        ]


class Vote(_OfMessage):
    """A person's choice of one option of a poll, by its index."""

    option = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["chat", "seq", "user", "option"], name="chat_one_vote_an_option"
            ),
        ]


class Star(_OfMessage):
    """A message that a person keeps at hand; nobody else knows."""

    at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "chat", "seq"], name="chat_one_star_each"),
        ]
        indexes: ClassVar = [
            # For the message that is emptied, whoever has starred it.
            models.Index(fields=["chat", "seq"], name="chat_star_place"),
        ]


class Hidden(_OfMessage):
    """A message that a person has deleted for themselves."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "chat", "seq"], name="chat_hidden_once"),
        ]
        indexes: ClassVar = [
            # For whom nothing that happens to the message is told.
            models.Index(fields=["chat", "seq"], name="chat_hidden_place"),
        ]


class Scheduled(models.Model):
    """A message to be sent later. It has no seq until then."""

    chat = models.ForeignKey(Chat, models.CASCADE, related_name="+", db_index=False)
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    client_id = models.CharField(max_length=64)
    digest = models.BinaryField(max_length=16)
    #: What was sent, as the input shape has it.
    message = models.JSONField()
    send_at = models.DateTimeField(db_index=True)
    created_at = models.DateTimeField(default=now)
    #: The code it was refused with when its time had come; empty: it still waits.
    refused = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sender", "client_id"], name="chat_scheduled_client_id"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["sender", "chat", "send_at"], name="chat_scheduled_of_sender"),
        ]

    def __str__(self) -> str:
        return f"{self.sender_id} to {self.chat_id} at {self.send_at}"
