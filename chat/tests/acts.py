"""What people do in the tests of chats."""

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from accounts.models import User
from chat.access import get_chat
from chat.actions.chats import open_direct_chat
from chat.actions.messages import send_message
from chat.actions.receipts import raise_mark
from chat.marks import MarkKind, Marks
from chat.models import Chat, Message
from chat.schemas import SendMessage, Sync
from chat.sync import sync
from chat.writer import Written
from connections.tests.acts import connect, make_person

API = "/api/v1/chats/"

_client_ids = count(1)


def make_chat(a: User, b: User) -> str:
    """The id of the direct chat of two people who are connected."""
    return str(open_direct_chat(a.pk, str(b.pk))[0].chat.pk)


def post(sender: User, chat: str, text: str = "hi", client_id: str = "") -> Written:
    """Sends a message; a new one without a ``client_id``."""
    client_id = client_id or f"c{next(_client_ids)}"
    return send_message(sender.pk, chat, SendMessage(client_id=client_id, text=text))[1]


def mark(reader: User, chat: str, kind: MarkKind, seq: int) -> Marks:
    """Raises one of the reader's marks."""
    return raise_mark(reader.pk, chat, kind, seq)


def fill(chat: str, sender: User, messages: int, start: int = 0) -> None:
    """Many messages at once, as the writer would leave them."""
    head = start + messages
    Message.objects.bulk_create(
        Message(
            chat_id=int(chat),
            seq=seq,
            sender=sender,
            client_id=f"fill-{chat}-{seq}",
            digest=b"\0" * 16,
            text=f"message {seq}",
            created_at=Chat.objects.get(pk=chat).created_at,
        )
        for seq in range(start + 1, head + 1)
    )
    Chat.objects.filter(pk=chat).update(head=head)


def make_friends(user: User, number: int) -> list[User]:
    """So many people connected with the user."""
    friends = [make_person(f"friend{n}") for n in range(number)]
    for friend in friends:
        connect(friend, user)
    return friends


def seqs_of(chat: str) -> list[int]:
    """The places of the messages of a chat, in order."""
    return list(Message.objects.filter(chat_id=chat).order_by("seq").values_list("seq", flat=True))


def head_of(user: User, chat: str) -> int:
    """The last place handed out."""
    return get_chat(user.pk, chat).chat.head


def sync_once(user: User, **held: Any) -> dict[str, Any]:
    """One answer of sync."""
    return dict(sync(user.pk, Sync(**held)))


def pages_of_sync(user: User, **held: Any) -> Iterator[dict[str, Any]]:
    """The answers until there is no more, asked as a client asks."""
    while True:
        answer = sync_once(user, **held)
        yield answer
        if not answer["more"]:
            return
        for name in ("heads", "position", "marks", "epoch"):
            held[name] = answer[name]


def names(events: Iterable[Any]) -> list[str]:
    """The events' names."""
    return [event["event"] for event in events]
