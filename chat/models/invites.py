"""How people get into groups by themselves: invites, requests to join, and who may not."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from chat.models.chats import Chat
from core.clock import now
from core.ids import new_id


class Invite(models.Model):
    """A code that lets people into a group. The token is nowhere; ``token_hash`` is its SHA-256.

    Changed only under the chat's lock, so that ``max_uses`` is exact.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    chat = models.ForeignKey(Chat, models.CASCADE, related_name="invites")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(null=True, blank=True)
    #: How many it may let in; null: any number.
    max_uses = models.PositiveIntegerField(null=True, blank=True)
    #: How many it has let in, or has let ask.
    uses = models.PositiveIntegerField(default=0)
    #: Whether an admin has to agree to each.
    approval = models.BooleanField(default=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"invite {self.pk} to {self.chat_id}"

    def works(self, at: datetime) -> bool:
        """Whether it lets anybody in at that time."""
        if self.revoked_at is not None or (self.expires_at is not None and self.expires_at <= at):
            return False
        return self.max_uses is None or self.uses < self.max_uses


class JoinRequest(models.Model):
    """Somebody asks to be let in, by an invite that wants an admin's word."""

    class Status(models.TextChoices):
        """``pending`` is the only open one."""

        PENDING = "pending"
        APPROVED = "approved"
        REJECTED = "rejected"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    chat = models.ForeignKey(Chat, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    invite = models.ForeignKey(Invite, models.CASCADE, related_name="+")
    status = models.CharField(max_length=8, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(default=now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["chat", "user"],
                condition=Q(status="pending"),
                name="chat_one_open_join_request",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} asks to join {self.chat_id}: {self.status}"


class Exclusion(models.Model):
    """Somebody who was removed from a group: no invite lets them in again, only an admin."""

    chat = models.ForeignKey(Chat, models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chat", "user"], name="chat_excluded_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} not into {self.chat_id}"
