"""Calls and who takes part. PostgreSQL holds their state; media flow between the devices."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from chat.models import Chat
from core.clock import now
from core.ids import new_id


class Call(models.Model):
    """A call in a chat: ``ringing``, then ``active`` once somebody has answered, then ``ended``."""

    class Media(models.TextChoices):
        """With or without pictures."""

        AUDIO = "audio"
        VIDEO = "video"

    class State(models.TextChoices):
        """It only moves on."""

        RINGING = "ringing"
        ACTIVE = "active"
        ENDED = "ended"

    class Reason(models.TextChoices):
        """Why it ended."""

        COMPLETED = "completed"
        MISSED = "missed"
        DECLINED = "declined"
        BUSY = "busy"
        FAILED = "failed"
        CANCELLED = "cancelled"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    chat = models.ForeignKey(Chat, models.CASCADE, related_name="+")
    caller = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    media = models.CharField(max_length=5, choices=Media)
    state = models.CharField(max_length=7, choices=State, default=State.RINGING)
    reason = models.CharField(max_length=9, choices=Reason, blank=True, default="")
    created_at = models.DateTimeField(default=now)
    #: When somebody answered.
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    client_id = models.CharField(max_length=64, null=True)  # noqa: DJ001  # unique with the caller

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["caller", "client_id"], name="calls_call_client_id"),
        ]
        indexes: ClassVar = [
            # The few that are going on: what the sweep looks through.
            models.Index(
                fields=["created_at"], condition=~Q(state="ended"), name="calls_call_going_on"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.media} call {self.pk} in {self.chat_id}: {self.state}"


class Participant(models.Model):
    """A person in a call. One call at a time a person: the database sees to it."""

    class State(models.TextChoices):
        """``joined`` is being in it; the caller is from the start."""

        INVITED = "invited"
        RINGING = "ringing"
        JOINED = "joined"
        LEFT = "left"
        REJECTED = "rejected"
        MISSED = "missed"
        BUSY = "busy"

    call = models.ForeignKey(Call, models.CASCADE, related_name="participants", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.INVITED)
    #: The device that has answered, and the one of its sockets (tabs) that did.
    device_id = models.BigIntegerField(null=True, blank=True)
    socket = models.CharField(max_length=32, blank=True, default="")
    joined_at = models.DateTimeField(null=True, blank=True)
    #: When a socket of the device was last known to be open.
    alive_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["call", "user"], name="calls_participant_once"),
            models.UniqueConstraint(
                fields=["user"], condition=Q(state="joined"), name="calls_one_call_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in call {self.call_id}: {self.state}"

    @property
    def is_asked(self) -> bool:
        """Whether the person has not answered yet, in one way or the other."""
        return self.state in {self.State.INVITED, self.State.RINGING}
