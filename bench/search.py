"""Pages of search over HTTP in a server of very many messages: words of every frequency."""

import http.client
import itertools
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import psycopg

from bench.load import percentile, seeded_server
from chatproject import embedded
from tests.server import MANAGE, Server

ROUNDS = 40
CHATS = 1_000

#: What is looked for, by a name for it.
SEARCHES: dict[str, dict[str, str]] = {
    "nothing to look for": {"q": "!"},  # what an answer costs without a search
    "a word of every second": {"q": "common"},
    "two of them": {"q": "common frequent"},
    "one of a hundred": {"q": "percent"},
    "20 in all": {"q": "needle"},
    "none": {"q": "qqqq"},
    "the oldest 30": {"q": "fossil"},
    "every second of the oldest tenth": {"q": "ancient"},
    "two letters": {"q": "co"},
    "two characters of CJK": {"q": "東京"},
    "a phrase of common words, rare": {"q": '"needle common"'},
    "a phrase of common words, none": {"q": '"common frequent"'},
    "a common word before a date": {"q": "common", "before": "2026-01-01T01:00:00Z"},
    "a common word by relevance": {"q": "common", "order": "relevance"},
}

_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)

_COPY = """
COPY chat_message (chat_id, seq, sender_id, client_id, digest, kind, text, created_at) FROM STDIN
"""


def measure(messages: int) -> None:
    """Prints the time of a first page of each search: all in one chat, then in many groups."""
    for name, groups in (("one chat", 0), (f"{CHATS} groups", CHATS)):
        with seeded_server(2, *[2] * groups) as (server, seed):
            _fill(server, seed["groups"] or seed["direct"], seed["users"], messages)
            print(f"{name}, {messages} messages: {_index(server)}", flush=True)
            access = seed["users"][0]["access"]
            for search, times in _times(server, access).items():
                print(
                    f"{search:>32}: p50 {percentile(times, 0.5) * 1000:6.1f} ms"
                    f"  p99 {percentile(times, 0.99) * 1000:6.1f} ms",
                    flush=True,
                )
            seconds = _seconds_until_found(server, access, seed["direct"][0])
            print(f"{'found after it was sent':>32}: {seconds:.1f} s", flush=True)


def _connect(server: Server) -> "psycopg.Connection[Any]":
    database = embedded.database_settings(server.data_dir)
    names = {"host": "HOST", "dbname": "NAME", "user": "USER"}
    return psycopg.connect(**{to: database[name] for to, name in names.items()})


def _fill(server: Server, chats: list[str], users: list[Any], messages: int) -> None:
    heads = dict.fromkeys(chats, 0)
    chooser = random.Random(1)
    with _connect(server) as connection, connection.cursor() as cursor:
        with cursor.copy(_COPY) as copy:
            for n, text in enumerate(_texts(messages)):
                chat = chooser.choice(chats)
                heads[chat] += 1
                sender, at = users[n % 2]["id"], _BEGIN + timedelta(seconds=n)
                copy.write_row((chat, heads[chat], sender, f"bench-{n}", b"\0", "text", text, at))
        cursor.executemany(
            "UPDATE chat_chat SET head = %s, last_seq = %s WHERE id = %s",
            [(head, head, chat) for chat, head in heads.items()],
        )
        connection.commit()
        connection.autocommit = True
        cursor.execute("VACUUM ANALYZE chat_message")


def _texts(messages: int) -> Iterator[str]:
    """Words as frequent as words are, and among them those that are looked for."""
    chooser = random.Random(2)
    syllables = [c + v for c in "bcdfghklmnprstvwz" for v in "aeiou"]
    vocabulary = [
        "".join(chooser.choices(syllables, k=chooser.choice((1, 2, 2, 3, 3, 4))))
        for _ in range(50_000)
    ]
    words = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(vocabulary))))
    characters = [chr(0x4E00 + n) for n in range(2_000)]
    for n in range(messages):
        said = chooser.choices(vocabulary, cum_weights=words, k=chooser.choice((2, 4, 6, 8, 12)))
        said += ["needle"] * (n % (messages // 20) == 0)
        said += ["common"] * (chooser.random() < 0.5)
        said += ["percent"] * (chooser.random() < 0.01)
        said += ["ancient"] * (n < messages // 10 and n % 2)
        said += ["fossil"] * (n < 30)
        said += ["東京都"] * (n % 1_000 == 0)
        said += ["".join(chooser.choices(characters, k=12))] * (n % 10 == 0)
        said += ["frequent"] * (chooser.random() < 0.5 and said[-1] != "common")
        yield " ".join(said)


def _index(server: Server) -> str:
    begun = time.perf_counter()
    command = [sys.executable, str(MANAGE), "index_search"]
    subprocess.run(command, env=server.environment(), check=True, capture_output=True)
    seconds = time.perf_counter() - begun
    with _connect(server) as connection:
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE chat_searchentry")
        sizes = connection.execute(
            "SELECT pg_size_pretty(pg_table_size('chat_searchentry')),"
            " pg_size_pretty(pg_relation_size('chat_search_keys'))"
        ).fetchone()
    assert sizes is not None
    return f"indexed in {seconds:.0f} s, {sizes[0]} of entries, {sizes[1]} of keys"


def _get(client: http.client.HTTPConnection, access: str, params: dict[str, str]) -> Any:
    headers = {"Authorization": f"Bearer {access}"}
    client.request("GET", f"/api/v1/search/?{urlencode(params)}", headers=headers)
    answer = client.getresponse()
    page = json.loads(answer.read())
    assert answer.status == 200, page
    return page["results"]


def _times(server: Server, access: str) -> dict[str, list[float]]:
    """The searches in turn, so that what else the machine does meets all of them alike."""
    client = http.client.HTTPConnection("127.0.0.1", server.port)
    times: dict[str, list[float]] = {name: [] for name in SEARCHES}
    for n in range(ROUNDS):
        for name, params in SEARCHES.items():
            begun = time.perf_counter()
            _get(client, access, params)
            if n >= ROUNDS // 10:  # warm by then
                times[name].append(time.perf_counter() - begun)
    return times


def _seconds_until_found(server: Server, access: str, chat: str) -> float:
    client = http.client.HTTPConnection("127.0.0.1", server.port)
    headers = {"Authorization": f"Bearer {access}", "Content-Type": "application/json"}
    body = json.dumps({"client_id": "bench-search", "text": "nowadays"})
    client.request("POST", f"/api/v1/chats/{chat}/messages/", body, headers)
    assert client.getresponse().read()
    begun = time.perf_counter()
    while not _get(client, access, {"q": "nowadays"}):
        pass
    return time.perf_counter() - begun
