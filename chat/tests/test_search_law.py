"""Search answers what going through all messages would: on random data, for random queries."""

import random
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from chat.models import Chat, Hidden, Membership, Message
from chat.search.finding import Search, find
from chat.search.indexer import index_new
from chat.search.terms import parse_terms
from core.clock import now

SEED = 20261125
MESSAGES = 400
QUERIES = 120
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)

WORDS = [
    *"tea teal team teach tease the then there Straße strass été ETE naïve naive a an ant".split(),
    *"common commons commune communion commit ßeta θάλασσα дом дома".split(),
    *"東京 東京都 京都 都 大阪 とうきょう 한국 한국어 국어".split(),
]  # fmt: skip


def folded(text: str) -> str:
    """Simpler than the real one, and enough for these words."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in apart if ord(c) not in range(768, 880)))


def is_dense(character: str) -> bool:
    """Of a script that writes no spaces; of those above."""
    return character >= "\u3000"


def says(text: str, query: str) -> bool:
    """Whether a text has every word of a query, or the phrase between quotes."""
    text = folded(text).replace(",", "")
    parts = [query.strip('"')] if query.startswith('"') else query.split()
    for part in map(folded, parts):
        before = "" if is_dense(part[0]) else r"(?<!\w)"
        after = r"(?!\w)" if query.startswith('"') and not is_dense(part[-1]) else ""
        if re.search(f"{before}{re.escape(part)}{after}", text) is None:
            return False
    return True


@dataclass
class World:
    """People, chats, and all that was said."""

    people: list[User]
    memberships: dict[tuple[int, int], int]
    hidden: set[tuple[int, int, int]]
    messages: list[Message]

    def expected(self, viewer: int, query: str, search: Search) -> list[int]:
        """The ids of what a search has to find."""
        return [
            one.pk
            for one in sorted(self.messages, key=lambda one: -one.pk)
            if self._is_shown(viewer, one)
            and says(one.text, query)
            and search.chat_id in (None, one.chat_id)
            and search.sender_id in (None, one.sender_id)
            and (search.after is None or one.created_at >= search.after)
            and (search.before is None or one.created_at < search.before)
        ]

    def _is_shown(self, viewer: int, one: Message) -> bool:
        return (
            self.memberships.get((one.chat_id, viewer), one.seq) < one.seq
            and (viewer, one.chat_id, one.seq) not in self.hidden
            and one.deleted_at is None
            and (one.expires_at is None or one.expires_at > now())
            and one.kind != "system"
        )


def make_world(rng: random.Random, people: list[User]) -> World:
    """Direct chats, more groups than are asked for one by one, and messages of all ages."""
    pairs = [(a, b) for a in people for b in people if a.pk < b.pk]
    chats = [Chat(kind="direct", low=a, high=b) for a, b in pairs]
    chats += [Chat(kind="group", name=f"{n}") for n in range(50)]
    Chat.objects.bulk_create(chats)
    memberships = {}
    for chat in chats:
        for person in people:
            if chat.kind == "group":
                # The first is nearly everywhere, the last nearly nowhere.
                is_in = rng.random() < (0.95, 0.5, 0.1)[people.index(person)]
            else:
                is_in = person.pk in (chat.low_id, chat.high_id)
            if is_in:
                memberships[chat.pk, person.pk] = rng.choice([0, 0, 0, 3])
    Membership.objects.bulk_create(
        Membership(chat_id=chat, user_id=user, start=start)
        for (chat, user), start in memberships.items()
    )
    messages: list[Message] = []
    seqs = dict.fromkeys((chat.pk for chat in chats), 0)
    id = 0
    for n in range(MESSAGES):
        id += rng.choice([1, 1, 1, 1, 1, 2_000])
        chat = rng.choice(chats[:4] + chats)
        seqs[chat.pk] += 1
        is_gone = rng.random() < 0.05
        words = rng.choices(WORDS, k=rng.randint(1, 6))
        messages.append(
            Message(
                id=id,
                chat=chat,
                seq=seqs[chat.pk],
                sender=rng.choice(people),
                kind="system" if rng.random() < 0.03 else "text",
                text="" if is_gone else rng.choice([" ", ", "]).join(words),
                created_at=BEGIN + timedelta(hours=n + rng.randint(-30, 30)),
                deleted_at=now() if is_gone else None,
                expires_at=now() + timedelta(days=rng.choice([-1, 1]))
                if rng.random() < 0.1
                else None,
            )
        )
    Message.objects.bulk_create(messages)
    hidden = {(rng.choice(people).pk, m.chat_id, m.seq) for m in rng.sample(messages, 40)}
    Hidden.objects.bulk_create(
        Hidden(user_id=user, chat_id=chat, seq=seq) for user, chat, seq in hidden
    )
    return World(people, memberships, hidden, messages)


def make_query(rng: random.Random, world: World) -> str:
    """Beginnings of words that were said, or some words as a phrase."""
    words = re.findall(r"\w+", rng.choice(world.messages).text) or ["tea"]
    if rng.random() < 0.3:
        start = rng.randrange(len(words))
        return f'"{" ".join(words[start : start + rng.randint(1, 3)])}"'
    chosen = rng.sample(words, rng.randint(1, min(3, len(words))))
    return " ".join(word[: rng.randint(1, len(word))] for word in chosen)


@pytest.mark.django_db
def test_search_finds_what_going_through_everything_finds(
    alice: User, bob: User, carol: User
) -> None:
    rng = random.Random(SEED)
    world = make_world(rng, [alice, bob, carol])
    index_new()
    for _ in range(QUERIES):
        query = make_query(rng, world)
        viewer = rng.choice(world.people)
        mine = [chat for chat, user in world.memberships if user == viewer.pk]
        search = Search(
            parse_terms(query),
            chat_id=rng.choice(mine) if rng.random() < 0.2 else None,
            sender_id=rng.choice(world.people).pk if rng.random() < 0.2 else None,
            after=BEGIN + timedelta(hours=rng.randint(0, 600)) if rng.random() < 0.2 else None,
            before=BEGIN + timedelta(hours=rng.randint(0, 600)) if rng.random() < 0.2 else None,
        )
        expected = world.expected(viewer.pk, query, search)
        hits = [hit.id for hit in find(viewer.pk, search, limit=MESSAGES)]
        assert hits == expected, (query, viewer, search)
        first = find(viewer.pk, search, limit=3)
        rest = find(viewer.pk, search, limit=MESSAGES, below=first[-1].id) if first else []
        assert [hit.id for hit in first + rest] == expected
