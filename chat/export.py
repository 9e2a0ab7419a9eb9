"""What of chats people take along: what they may see, and what they wrote elsewhere."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Sum
from django.db.models.functions import Now

from accounts.export import Lines
from accounts.payloads import people
from chat.join_requests import request_payload
from chat.models import Invite, JoinRequest, Membership, Message, Scheduled
from chat.queries import chats_by_id, message_rows, shown_to
from chat.rendering import chat_payloads, scheduled_payloads, viewed_by
from core.clock import rfc3339, rfc3339_or_none

ABOUT = """\
chats.jsonl: your chats with your own settings and drafts
chats/<id>/messages.jsonl: what you can see in a chat, yours and others'; "mine" stands with
  your own reactions and votes, "starred" with what you have starred
chats/<id>/people.jsonl: who is in the chat, and whom the messages name
messages-elsewhere.jsonl: what you wrote in chats that you have left
scheduled.jsonl: messages that wait to be sent
invites.jsonl: the invites to groups that you have made
join-requests.jsonl: the groups that you have asked to be let into"""

_CHATS = 50
_MESSAGES = 200
#: About how large a message is in the archive.
_MESSAGE_BYTES = 600


def chats(user_id: int) -> Iterator[Lines]:
    """Each of the person's chats with its messages, in order; nothing of others elsewhere.

    Whoever leaves meanwhile gets no further page of that chat.
    """
    mine = Membership.objects.filter(user_id=user_id).order_by("chat_id")
    ids = list(mine.values_list("chat_id", flat=True))
    yield Lines("chats.jsonl", _chats(user_id, ids))
    for chat_id in ids:
        named: set[int] = set()
        yield Lines(f"chats/{chat_id}/messages.jsonl", _messages(user_id, chat_id, named))
        yield Lines(f"chats/{chat_id}/people.jsonl", _people(user_id, chat_id, named))
    yield Lines("messages-elsewhere.jsonl", _elsewhere(user_id))
    waiting = Scheduled.objects.filter(sender_id=user_id).order_by("send_at")
    yield Lines("scheduled.jsonl", iter(scheduled_payloads(waiting)))
    yield Lines("invites.jsonl", _invites(user_id))
    asked = JoinRequest.objects.filter(user_id=user_id).order_by("pk")
    yield Lines("join-requests.jsonl", map(request_payload, asked.iterator(chunk_size=_MESSAGES)))


def size(user_id: int) -> int:
    """By the lengths of the chats."""
    shown = Membership.objects.filter(user_id=user_id)
    total = shown.aggregate(total=Sum(F("chat__head") - F("start"), default=0))["total"]
    return int(total) * _MESSAGE_BYTES


def _chats(user_id: int, ids: list[int]) -> Iterator[Any]:
    for begin in range(0, len(ids), _CHATS):
        payloads, _ = chat_payloads(chats_by_id(user_id, ids[begin : begin + _CHATS]), user_id)
        for payload in payloads:
            yield {name: value for name, value in payload.items() if name != "last_message"}


def _messages(user_id: int, chat_id: int, named: set[int]) -> Iterator[Any]:
    seq = 0
    while True:
        membership = Membership.objects.filter(chat_id=chat_id, user_id=user_id).first()
        if membership is None:
            return
        shown = shown_to(membership).filter(deleted_at=None, seq__gt=seq).order_by("seq")
        rows = message_rows(shown[:_MESSAGES])
        if not rows:
            return
        seq = rows[-1].seq
        messages, users = viewed_by(user_id, rows)
        named.update(map(int, users))
        yield from messages


def _people(user_id: int, chat_id: int, named: set[int]) -> Iterator[Any]:
    members = Membership.objects.filter(chat_id=chat_id)
    roles = dict(members.values_list("user_id", "role"))
    if user_id not in roles:
        return
    for id, person in people(named | roles.keys()).items():
        yield {**person, "role": roles.get(int(id))}


def _elsewhere(user_id: int) -> Iterator[Any]:
    """By the index of senders and their ``client_id``s."""
    mine = Membership.objects.filter(user_id=user_id).values("chat_id")
    written = (
        Message.objects.filter(sender_id=user_id, deleted_at=None)
        .exclude(expires_at__isnull=False, expires_at__lte=Now())
        .exclude(chat_id__in=mine)
        .order_by("client_id")
    )
    after = ""
    while batch := list(written.filter(client_id__gt=after)[:_MESSAGES]):
        for message in batch:
            yield {
                "id": str(message),
                "chat": str(message.chat_id),
                "kind": message.kind,
                "text": message.text,
                "content": message.content,
                "attachments": [str(one) for one in message.attachments or ()],
                "created_at": rfc3339(message.created_at),
            }
        after = batch[-1].client_id or ""


def _invites(user_id: int) -> Iterator[Any]:
    """Without their links: those still let people in, and the person may no longer be an admin."""
    made = Invite.objects.filter(by_id=user_id).order_by("pk")
    for invite in made.iterator(chunk_size=_MESSAGES):
        yield {
            "id": str(invite.pk),
            "chat": str(invite.chat_id),
            "created_at": rfc3339(invite.created_at),
            "expires_at": rfc3339_or_none(invite.expires_at),
            "max_uses": invite.max_uses,
            "uses": invite.uses,
            "approval": invite.approval,
            "revoked_at": rfc3339_or_none(invite.revoked_at),
        }
