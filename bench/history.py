"""A page of 50 messages over HTTP: the newest, and those at the far end of a very long chat."""

import http.client
import json
import time
from typing import Any

import psycopg

from bench.load import percentile, seeded_server
from chatproject import embedded
from tests.server import Server

ROUNDS = 150
_ROWS_A_STATEMENT = 100_000

_FILL = """
INSERT INTO chat_message (chat_id, seq, sender_id, client_id, digest, kind, text, created_at)
SELECT ch.id, n, CASE n %% 2 WHEN 0 THEN ch.low_id ELSE ch.high_id END, 'bench-' || n, '\\x00',
    'text', 'Message ' || n || ' of this chat.', now()
FROM chat_chat ch, generate_series(%(first)s::bigint, %(last)s::bigint) AS n
"""


def measure(messages: int) -> None:
    """Prints the median time of a page at each place, and how it compares with the newest."""
    with seeded_server(2) as (server, seed):
        fill(server, messages)
        access, chat = seed["users"][0]["access"], seed["direct"][0]
        places = {
            "newest": "",
            "oldest": "after=0",
            "before 51": "before=51",
            "around the middle": f"around={messages // 2}",
        }
        times = _times(server, access, chat, places)
    newest = percentile(times["newest"], 0.5)
    for name, taken in times.items():
        median = percentile(taken, 0.5)
        print(
            f"{name:>20} of {messages}: p50 {median * 1000:6.2f} ms"
            f"  p99 {percentile(taken, 0.99) * 1000:6.2f} ms  {median / newest:5.2f} x the newest",
            flush=True,
        )


def fill(server: Server, messages: int) -> None:
    """Gives the only chat so many messages, from behind."""
    database = embedded.database_settings(server.data_dir)
    names = {"host": "HOST", "dbname": "NAME", "user": "USER"}
    with psycopg.connect(**{to: database[name] for to, name in names.items()}) as connection:
        for first in range(1, messages + 1, _ROWS_A_STATEMENT):
            last = min(first + _ROWS_A_STATEMENT - 1, messages)
            connection.execute(_FILL, {"first": first, "last": last})
        connection.execute("UPDATE chat_chat SET head = %(n)s, last_seq = %(n)s", {"n": messages})
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE chat_message")


def _times(
    server: Server, access: str, chat: str, places: dict[str, str]
) -> dict[str, list[float]]:
    """The places in turn, so that what else the machine does meets all of them alike."""
    client = http.client.HTTPConnection("127.0.0.1", server.port)
    headers = {"Authorization": f"Bearer {access}"}
    times: dict[str, list[float]] = {name: [] for name in places}
    for n in range(ROUNDS):
        for name, place in places.items():
            begun = time.perf_counter()
            client.request("GET", f"/api/v1/chats/{chat}/messages/?{place}", headers=headers)
            answer = client.getresponse()
            page: Any = json.loads(answer.read())
            assert answer.status == 200 and len(page["results"]) == 50, page
            if n >= ROUNDS // 10:  # warm by then
                times[name].append(time.perf_counter() - begun)
    return times
