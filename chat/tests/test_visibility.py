"""Commit order is log order: nothing becomes visible late, so sync never skips."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Event
from typing import Any

import pytest
from django.db import connection, connections, transaction

from accounts.models import User
from chat.tests.acts import make_chat, make_friends, pages_of_sync, post, seqs_of, sync_once
from chat.writer import Written
from connections.tests.acts import at_once
from realtime.tests.process import Process

pytestmark = pytest.mark.django_db(transaction=True)


class Transaction:
    """A transaction in a thread of its own, open until it is told to end."""

    def __init__(self, pool: ThreadPoolExecutor, act: Callable[[], Any], fails: bool) -> None:
        self.done, self.end = Event(), Event()
        self.pid = 0
        self.result: Any = None
        self.future: Future[None] = pool.submit(self._run, act, fails)

    def _run(self, act: Callable[[], Any], fails: bool) -> None:
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_backend_pid()")
                    (self.pid,) = cursor.fetchone()
                self.result = act()
                self.done.set()
                assert self.end.wait(30)
                if fails:
                    transaction.set_rollback(True)
        finally:
            connections.close_all()

    def finish(self) -> Any:
        """Lets it end, and waits for that."""
        self.end.set()
        self.future.result(30)
        return self.result


@contextmanager
def opened(*acts: Callable[[], Any], fails: bool = False) -> Iterator[list[Transaction]]:
    """Transactions of the acts, begun one after the other; all are ended at last."""
    with ThreadPoolExecutor(len(acts)) as pool:
        begun = []
        try:
            for n, act in enumerate(acts):
                one = Transaction(pool, act, fails and n == 0)
                begun.append(one)
                if n == 0:
                    assert one.done.wait(10)
            yield begun
        finally:
            for one in begun:
                one.end.set()


def wait_until_blocked(one: Transaction, by: Transaction) -> None:
    """Until PostgreSQL says that one transaction waits for the other."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if one.pid:
            with connection.cursor() as cursor:
                cursor.execute("SELECT %s = ANY(pg_blocking_pids(%s))", [by.pid, one.pid])
                if cursor.fetchone()[0]:
                    return
    raise AssertionError("it does not wait")


@pytest.mark.parametrize("first", ["alice", "bob"])
def test_a_second_sender_waits_for_the_first_ones_commit(
    alice: User, bob: User, chat: str, first: str
) -> None:
    senders = (alice, bob) if first == "alice" else (bob, alice)
    start = sync_once(alice)
    with opened(partial(post, senders[0], chat, "one"), partial(post, senders[1], chat, "two")) as (
        one,
        two,
    ):
        wait_until_blocked(two, one)
        # A reader in between sees neither, and a head that says so.
        between = sync_once(alice, **held(start))
        assert between["heads"] == {chat: 0} and texts(between) == []
        # The second may end first only in its own mind: its turn comes after the first's commit.
        two.end.set()
        assert not two.done.is_set()
        assert one.finish().seq == 1
        assert two.finish().seq == 2
    after = sync_once(alice, **held(between))
    assert texts(after) == ["one", "two"] and after["heads"] == {chat: 2}


def test_a_rolled_back_send_leaves_no_hole(alice: User, bob: User, chat: str) -> None:
    with opened(
        partial(post, alice, chat, "never"), partial(post, bob, chat, "first"), fails=True
    ) as (one, two):
        wait_until_blocked(two, one)
        one.finish()
        assert two.finish().seq == 1
    assert seqs_of(chat) == [1]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_open_transactions_of_two_chats_in_both_orders_of_commit(
    alice: User, order: tuple[int, int]
) -> None:
    """The chats do not wait for each other, and a reader in between skips nothing in either."""
    friends = make_friends(alice, 2)
    chats = [make_chat(alice, friend) for friend in friends]
    answer = sync_once(alice)
    acts = [
        partial(post, friend, chat, f"in {n}")
        for n, (friend, chat) in enumerate(zip(friends, chats, strict=True))
    ]
    with opened(*acts) as begun:
        assert begun[1].done.wait(10)  # it did not wait
        met = []
        for n in order:
            assert begun[n].finish().seq == 1
            answer = sync_once(alice, **held(answer))
            met += texts(answer)
    assert met == [f"in {n}" for n in order]


def test_the_personal_log_waits_in_the_same_way(alice: User) -> None:
    from accounts.log import tell

    data = {"user": "1"}
    start = sync_once(alice)
    with opened(
        partial(tell, alice.pk, "connection:blocked", data),
        partial(tell, alice.pk, "connection:unblocked", data),
    ) as (one, two):
        wait_until_blocked(two, one)
        between = sync_once(alice, **held(start))
        assert between["position"] == start["position"] and between["events"] == []
        one.finish()
        two.finish()
    after = sync_once(alice, **held(between))
    assert [event["event"] for event in after["events"]] == [
        "connection:blocked", "connection:unblocked"
    ]  # fmt: skip


def test_a_reader_that_syncs_all_the_time_skips_nothing(
    alice: User, bob: User, chat: str, process: Process, settings: Any
) -> None:
    settings.RATE_LIMITS = False
    settings.SYNC_PAGE_EVENTS = 11
    is_over = Event()

    def send(sender: User, thread: int) -> None:
        for n in range(40):
            post(sender, chat, f"{thread} {n}", f"r{thread}-{n}")

    def read() -> list[int]:
        answer = sync_once(alice)
        met: list[int] = [0] * answer["heads"][chat]
        while not is_over.is_set() or answer["heads"][chat] < 160:
            for page in pages_of_sync(alice, **held(answer)):
                answer = page
                new = [e for e in answer["events"] if e["event"] == "chat:receive"]
                met += [event["data"]["message"]["seq"] for event in new]
                # What the answer claims to have told is just what it told.
                assert answer["heads"][chat] == len(met)
        return met

    def write() -> list[Any]:
        try:
            return at_once([partial(send, (alice, bob)[n % 2], n) for n in range(4)])
        finally:
            is_over.set()

    met, written = at_once([read, write])
    assert written == [None] * 4
    assert [seq for seq in met if seq] == list(range(met.count(0) + 1, 161))


def test_two_writers_of_two_connections_share_a_chats_places(
    alice: User, bob: User, chat: str, process: Process, settings: Any
) -> None:
    """The loop's group commit, and the same statement on other connections, as of a worker."""
    settings.RATE_LIMITS = False

    def through_loop(n: int) -> Written:
        return post(alice, chat, f"loop {n}", f"l{n}")

    def on_own_connection(n: int) -> Written:
        with transaction.atomic():
            return post(bob, chat, f"own {n}", f"o{n}")

    acts = [partial(act, n) for n in range(15) for act in (through_loop, on_own_connection)]
    answers = at_once(acts)
    assert sorted(answer.seq for answer in answers) == list(range(1, 31))
    assert seqs_of(chat) == list(range(1, 31))


def held(answer: Any) -> Any:
    """What a client says that has taken over an answer."""
    return {name: answer[name] for name in ("heads", "position", "marks", "epoch")}


def texts(answer: Any) -> list[str]:
    """What was written."""
    events = [event for event in answer["events"] if event["event"] == "chat:receive"]
    return [event["data"]["message"]["text"] for event in events]
