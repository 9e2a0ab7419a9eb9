"""``manage.py seed_load``: people, chats and messages for a load test."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from accounts import tokens
from accounts.models import Device, User
from chat.models import Chat, Membership
from connections.models import Connection
from core.clock import now
from core.ids import new_id

TOKEN_LIFETIME = timedelta(days=1)
_ROWS_A_STATEMENT = 2_000

_MESSAGES = """
INSERT INTO chat_message (chat_id, seq, sender_id, client_id, digest, kind, text, created_at)
SELECT %(chat)s, n, (%(senders)s::bigint[])[1 + n %% cardinality(%(senders)s::bigint[])],
    'seed-' || %(chat)s || '-' || n, '\\x00', 'text',
    'Message ' || n || ' of this chat.', now() - make_interval(secs => %(count)s - n)
FROM generate_series(1, %(count)s) AS n
"""


class Command(BaseCommand):
    """Makes users u0, u1 ..., pairs (u0,u1), (u2,u3) ... connected with a direct chat, groups of
    the first users with u0 as owner, and messages; writes ids and tokens to a file.
    """

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """The numbers, and the file to write."""
        parser.add_argument("--users", type=int, required=True, metavar="N")
        parser.add_argument("--group", type=int, action="append", default=[], metavar="SIZE")
        parser.add_argument("--messages", type=int, default=0, metavar="N", help="in each chat")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """All in one transaction: a second run on the same data changes nothing and says so."""
        if settings.PRODUCTION:
            raise CommandError("seed_load makes users whom nobody is; not in production.")
        count: int = options["users"]
        if count < 1 or any(not 1 <= size <= count for size in options["group"]):
            raise CommandError("--users must be at least 1, and no --group larger than it.")
        if User.objects.filter(username="u0").exists():
            raise CommandError("This database has been seeded already; use another DATA_DIR.")
        with transaction.atomic():
            users = _make_users(count)
            direct = _make_pairs(users)
            groups = [_make_group(users[:size]) for size in options["group"]]
            if options["messages"]:
                for chat in [*direct, *groups]:
                    _make_messages(chat, options["messages"])
            seed = {
                "users": _with_tokens(users),
                "direct": [str(chat.pk) for chat in direct],
                "groups": [str(chat.pk) for chat in groups],
            }
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        options["out"].touch(mode=0o600)
        options["out"].write_text(json.dumps(seed))
        self.stdout.write(f"{count} users, {len(direct)} pairs, {len(groups)} groups")


def _make_users(count: int) -> list[User]:
    users = [User(username=f"u{n}", name=f"User {n}", password="!") for n in range(count)]
    return User.objects.bulk_create(users, batch_size=_ROWS_A_STATEMENT)


def _make_pairs(users: list[User]) -> list[Chat]:
    pairs = list(zip(users[::2], users[1::2], strict=False))
    Connection.objects.bulk_create(
        [Connection(low=one, high=other) for one, other in pairs], batch_size=_ROWS_A_STATEMENT
    )
    chats = [Chat(kind=Chat.Kind.DIRECT, low=one, high=other) for one, other in pairs]
    Chat.objects.bulk_create(chats, batch_size=_ROWS_A_STATEMENT)
    Membership.objects.bulk_create(
        [
            Membership(chat=chat, user=user)
            for chat, pair in zip(chats, pairs, strict=True)
            for user in pair
        ],
        batch_size=_ROWS_A_STATEMENT,
    )
    return chats


def _make_group(members: list[User]) -> Chat:
    chat = Chat.objects.create(
        kind=Chat.Kind.GROUP,
        name=f"Group of {len(members)}",
        members_count=len(members),
        creator=members[0],
    )
    roles = [Membership.Role.OWNER] + [Membership.Role.MEMBER] * (len(members) - 1)
    Membership.objects.bulk_create(
        [
            Membership(chat=chat, user=user, role=role)
            for user, role in zip(members, roles, strict=True)
        ],
        batch_size=_ROWS_A_STATEMENT,
    )
    return chat


def _make_messages(chat: Chat, count: int) -> None:
    senders = list(chat.memberships.order_by("id").values_list("user_id", flat=True)[:2])
    with connection.cursor() as cursor:
        cursor.execute(_MESSAGES, {"chat": chat.pk, "senders": senders, "count": count})
    at = now()
    Chat.objects.filter(pk=chat.pk).update(head=count, last_seq=count, active_at=at, moved_at=at)


def _with_tokens(users: list[User]) -> list[dict[str, str]]:
    at = now()
    devices = [
        Device(id=new_id(), user=user, name="load", platform="load", rotations=[at])
        for user in users
    ]
    Device.objects.bulk_create(devices, batch_size=_ROWS_A_STATEMENT)
    pairs = [tokens.issue(device, TOKEN_LIFETIME) for device in devices]
    return [
        {"id": str(user.pk), "access": pair.access, "refresh": pair.refresh}
        for user, pair in zip(users, pairs, strict=True)
    ]
