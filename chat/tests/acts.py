"""What people do in the tests of chats."""

from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from chat.access import get_chat
from chat.actions.chats import open_direct_chat
from chat.actions.groups import create_group
from chat.actions.messages import send_message
from chat.actions.receipts import raise_mark
from chat.models import Chat, Membership, Message
from chat.receipts import MarkKind, Marks
from chat.schemas.groups import NewGroup
from chat.schemas.messages import SendMessage
from chat.schemas.sync import Sync
from chat.sync import sync
from chat.writer import Written
from connections.models import Connection
from core.clock import now

API = "/api/v1/chats/"

_client_ids = count(1)

_WITHOUT_INDEXES = ("seqscan", "hashjoin", "mergejoin")


def make_chat(a: User, b: User) -> str:
    """The id of the direct chat of two people who are connected."""
    return str(open_direct_chat(a.pk, str(b.pk))[0].chat.pk)


def make_group(owner: User, *members: User, name: str = "Walks", **more: Any) -> str:
    """The id of a new group of the owner and some of their connections."""
    group = NewGroup(name=name, members=tuple(str(one.pk) for one in members), **more)
    return str(create_group(owner.pk, group)[0].pk)


def post(sender: User, chat: str, text: str = "hi", client_id: str = "", **more: Any) -> Written:
    """Sends a message; a new one without a ``client_id``."""
    client_id = client_id or f"c{next(_client_ids)}"
    message = SendMessage(client_id=client_id, text=text, **more)
    return send_message(sender.pk, chat, message)[1]


def mark(reader: User, chat: str, kind: MarkKind, seq: int) -> Marks:
    """Raises one of the reader's marks."""
    return raise_mark(reader.pk, chat, kind, seq)


def fill(chat: str, sender: User, messages: int) -> None:
    """Many messages at once, as the writer would leave them in an empty chat."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO chat_message"
            " (chat_id, seq, sender_id, client_id, digest, kind, text, created_at)"
            " SELECT %s, n, %s, 'fill-' || %s || '-' || n, '\\x00', 'text', 'message ' || n, now()"
            " FROM generate_series(1, %s) AS n",
            [int(chat), sender.pk, chat, messages],
        )
    at = now()
    Chat.objects.filter(pk=chat).update(head=messages, last_seq=messages, active_at=at, moved_at=at)


def make_friends(user: User, number: int) -> list[User]:
    """So many people connected with the user, as accepted requests would leave them."""
    friends = User.objects.bulk_create(
        User(username=f"friend{n}", name=f"Friend {n}") for n in range(number)
    )
    Connection.objects.bulk_create(
        Connection(low_id=min(user.pk, friend.pk), high_id=max(user.pk, friend.pk))
        for friend in friends
    )
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


def bare_group(owner: User, *members: User, **fields: Any) -> str:
    """The id of a group of any people, connected or not, in whose log nothing stands yet."""
    people = [owner, *members]
    chat = Chat.objects.create(
        kind=Chat.Kind.GROUP, name="Friends", members_count=len(people), creator=owner, **fields
    )
    Membership.objects.bulk_create(
        Membership(
            chat=chat,
            user=one,
            role=Membership.Role.OWNER if one == owner else Membership.Role.MEMBER,
        )
        for one in people
    )
    return str(chat.pk)


def make_poll(sender: User, chat: str, *options: str, **more: Any) -> int:
    """The seq of a new poll, of two options without any."""
    content = {"question": "Where?", "options": options or ("here", "there"), **more}
    return post(sender, chat, "", kind="poll", content=content).seq


def path_of(chat: str, seq: int, act: str = "") -> str:
    """Of a message, or of what is done to it."""
    return f"{API}{chat}/messages/{seq}/{act and act + '/'}"


def refusal(answer: Any) -> tuple[int, str]:
    """Status and code."""
    return answer.status_code, answer.json()["error"]["code"]


def rows_read(act: Callable[[], Any], table: str) -> int:
    """Through how many rows of a table the reads of an act go, by PostgreSQL's own count, where the
    table is so large that it uses indexes.
    """
    with CaptureQueriesContext(connection) as queries:
        act()
    total = 0
    for query in queries:
        if f'"{table}"' in query["sql"] or f" {table} " in query["sql"]:
            with connection.cursor() as cursor:
                for method in _WITHOUT_INDEXES:
                    cursor.execute(f"SET enable_{method} TO off")
                cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query['sql']}")
                plans = [cursor.fetchone()[0][0]["Plan"]]
                for method in _WITHOUT_INDEXES:
                    cursor.execute(f"RESET enable_{method}")
            while plans:
                node = plans.pop()
                plans += node.get("Plans", [])
                if node.get("Relation Name") == table:
                    removed = node.get("Rows Removed by Filter", 0)
                    total += int((node["Actual Rows"] + removed) * node["Actual Loops"])
    return total
