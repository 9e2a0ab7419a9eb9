"""How calls look in JSON."""

from collections.abc import Sequence
from typing import TypedDict

from accounts.payloads import Person
from calls.models import Call, Participant
from core.clock import rfc3339, rfc3339_or_none


class ParticipantPayload(TypedDict):
    """A person in a call; ``device`` once one of theirs has joined: where signals go."""

    user: str
    state: str
    device: str | None
    joined_at: str | None


class CallPayload(TypedDict):
    """A call; ``reason`` once it has ended."""

    id: str
    chat: str
    caller: str
    media: str
    state: str
    reason: str | None
    participants: list[ParticipantPayload]
    created_at: str
    started_at: str | None
    ended_at: str | None


class CallAnswer(CallPayload):
    """The same with the people in it."""

    users: dict[str, Person]


class IceServer(TypedDict, total=False):
    """As RTCPeerConnection takes it."""

    urls: list[str]
    username: str
    credential: str


class IceServers(TypedDict):
    """Where a device finds its way out; the credentials end at ``expires_at``."""

    ice_servers: list[IceServer]
    expires_at: str


def call_payload(call: Call, participants: Sequence[Participant]) -> CallPayload:
    """A call, the same for all who are in it."""
    return {
        "id": str(call.pk),
        "chat": str(call.chat_id),
        "caller": str(call.caller_id),
        "media": call.media,
        "state": call.state,
        "reason": call.reason or None,
        "participants": [
            {
                "user": str(one.user_id),
                "state": one.state,
                "device": None if one.device_id is None else str(one.device_id),
                "joined_at": rfc3339_or_none(one.joined_at),
            }
            for one in participants
        ],
        "created_at": rfc3339(call.created_at),
        "started_at": rfc3339_or_none(call.started_at),
        "ended_at": rfc3339_or_none(call.ended_at),
    }
