"""Group commit on the loop of a web process: refusals, poison, and a database that goes away."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import User
from chat.heads import reader
from chat.marks import Raise, marker
from chat.models import Chat, Message
from chat.receipts import Marks
from chat.tests.acts import fill, make_chat, make_friends, post, seqs_of
from chat.writer import Draft, SendStatement, Written, writer
from connections.actions.people import remove_connection
from connections.tests.acts import at_once, connect
from core.errors import AppError
from realtime.tests.process import Process
from realtime.tests.published import Published

pytestmark = pytest.mark.django_db(transaction=True)


def draft(sender: User, chat: str, client_id: str, text: str = "hi", socket: int = 0) -> Draft:
    """A message as the actions hand it over."""
    return Draft(int(chat), sender.pk, client_id, text, socket=socket)


async def gather(items: list[Any], submit: Callable[[Any], "asyncio.Future[Any]"]) -> list[Any]:
    """Submits all before the loop turns, and answers results and refusals."""
    return await asyncio.gather(*[submit(item) for item in items], return_exceptions=True)


def write(process: Process, *drafts: Draft) -> list[Any]:
    """All of them in one batch."""
    return process.run(gather(list(drafts), writer.submit))


def codes(results: list[Any]) -> list[Any]:
    """Places, or codes of refusals."""
    return [one.code if isinstance(one, AppError) else one.seq for one in results]


def backends(name: str) -> list[int]:
    """The server's processes of one of our named connections."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name = %s", [f"chatproject {name}"]
        )
        return [row[0] for row in cursor.fetchall()]


def terminate(pids: list[int]) -> None:
    """As an operator or a crash would."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS pid", [pids])


def test_one_batch_holds_many_chats_and_keeps_the_senders_order(
    alice: User, bob: User, chat: str, process: Process, published: Published
) -> None:
    (carol,) = make_friends(alice, 1)
    other = make_chat(alice, carol)
    published.take()
    drafts = [
        draft((alice, bob)[n % 2] if n % 3 else alice, (chat, other)[n % 3 == 0], f"b{n}", f"{n}")
        for n in range(30)
    ]
    results = write(process, *drafts)
    for one in (chat, other):
        places = [
            result.seq
            for result, item in zip(results, drafts, strict=True)
            if item.chat_id == int(one)
        ]
        assert places == list(range(1, len(places) + 1))
    pushes = published.take("chat:receive")
    assert len(pushes) == 30
    for one, to in ((chat, {alice.pk, bob.pk}), (other, {alice.pk, carol.pk})):
        of_chat = [push for push in pushes if push.data["message"]["chat"] == one]
        assert [push.data["message"]["seq"] for push in of_chat] == seqs_of(one)
        assert all(push.to == to for push in of_chat)


def test_a_batch_of_mixed_refusals_answers_each(
    alice: User, bob: User, carol: User, chat: str, process: Process
) -> None:
    connect(carol, bob)
    closed = make_chat(bob, carol)
    remove_connection(user_id=bob.pk, other_id=carol.pk)
    post(alice, chat, "old", "old")
    results = write(
        process,
        draft(alice, chat, "new"),
        draft(carol, chat, "stranger"),
        draft(bob, closed, "closed"),
        draft(alice, chat, "old", "old"),
        draft(alice, chat, "old", "other"),
        draft(alice, "1", "nowhere"),
        draft(bob, chat, "new"),
        draft(bob, chat, "new"),
        draft(bob, chat, "new", "other"),
    )
    assert codes(results) == [
        2, "chat_not_found", "chat_closed", 1, "client_id_reused", "chat_not_found", 3, 3,
        "client_id_reused",
    ]  # fmt: skip
    assert [r.is_repeat for r in results if isinstance(r, Written)] == [False, True, False, True]
    assert seqs_of(chat) == [1, 2, 3]


@pytest.mark.parametrize("poison", ["a\0b", "\ud800"], ids=["nul", "surrogate"])
def test_a_poisoned_item_harms_only_itself(
    alice: User, bob: User, chat: str, process: Process, poison: Any
) -> None:
    drafts = [draft((alice, bob)[n % 2], chat, f"p{n}", f"{n}") for n in range(9)]
    drafts[4] = draft(alice, chat, "poison", poison)
    results = write(process, *drafts)
    assert isinstance(results[4], Exception)
    assert codes(results[:4] + results[5:]) == list(range(1, 9))
    assert not Message.objects.filter(client_id="poison").exists()
    # And the writer goes on.
    assert codes(write(process, draft(bob, chat, "after"))) == [9]


def test_a_place_that_is_taken_already_harms_only_its_chat(
    alice: User, bob: User, chat: str, process: Process
) -> None:
    """A row that breaks the log's own key is refused by PostgreSQL for the whole statement."""
    (carol,) = make_friends(alice, 1)
    other = make_chat(alice, carol)
    fill(chat, bob, 3)
    Chat.objects.filter(pk=chat).update(head=1)
    results = write(
        process, draft(alice, other, "x"), draft(alice, chat, "y"), draft(carol, other, "z")
    )
    assert codes(results) == [1, "unavailable", 2]


def test_forty_sends_of_one_client_id_through_the_loop_make_one(
    alice: User, chat: str, process: Process, published: Published
) -> None:
    published.take()
    answers = at_once([partial(post, alice, chat, "hello", "a")] * 40)
    assert {answer.seq for answer in answers} == {1}
    assert sum(not answer.is_repeat for answer in answers) == 1
    assert seqs_of(chat) == [1]
    assert len(published.take("chat:receive")) == 1


def test_the_sending_socket_is_left_out_and_every_other_hears(
    alice: User, bob: User, chat: str, process: Process
) -> None:
    sender, tab, peer = process.open(alice), process.open(alice), process.open(bob)
    write(process, draft(alice, chat, "a", socket=sender.number))
    assert (sender.names(), tab.names(), peer.names()) == ([], ["chat:receive"], ["chat:receive"])


def test_a_caller_that_goes_away_does_not_undo_the_commit(
    alice: User, chat: str, process: Process
) -> None:
    async def send_and_leave() -> None:
        future = writer.submit(draft(alice, chat, "left"))
        future.cancel()
        await writer.submit(draft(alice, chat, "next"))

    process.run(send_and_leave())
    assert list(Message.objects.order_by("seq").values_list("client_id", flat=True)) == [
        "left", "next"
    ]  # fmt: skip


def test_what_does_not_fit_the_queue_is_unavailable(
    alice: User, chat: str, process: Process, settings: Any
) -> None:
    settings.WRITER_QUEUE_MAX = 5

    async def flood() -> list[Any]:
        waiting: list[Coroutine[Any, Any, Any]] = []
        for n in range(8):
            try:
                future = writer.submit(draft(alice, chat, f"q{n}"))
            except AppError as error:
                future = asyncio.get_running_loop().create_future()
                future.set_exception(error)
            waiting.append(_result_of(future))
        return await asyncio.gather(*waiting)

    assert codes(process.run(flood())) == [1, 2, 3, 4, 5, *["unavailable"] * 3]
    assert seqs_of(chat) == [1, 2, 3, 4, 5]


async def _result_of(future: "asyncio.Future[Any]") -> Any:
    try:
        return await future
    except AppError as error:
        return error


def test_killed_backends_cost_no_acknowledged_message_and_double_none(
    alice: User, bob: User, chat: str, process: Process, settings: Any
) -> None:
    settings.RATE_LIMITS = False
    killed: set[int] = set()

    def send(sender: User, thread: int) -> list[tuple[str, Any]]:
        sent: list[tuple[str, Any]] = []
        for n in range(30):
            client_id = f"k{thread}-{n}"
            try:
                sent.append((client_id, post(sender, chat, f"{thread} {n}", client_id).seq))
            except AppError as error:
                sent.append((client_id, error.code))
        return sent

    def kill() -> list[tuple[str, Any]]:
        while len(killed) < 5:
            pids = set(backends("writer")) - killed
            terminate(list(pids))
            killed.update(pids)
        return []

    acts: list[Callable[[], Any]] = [partial(send, (alice, bob)[n % 2], n) for n in range(6)]
    answers = at_once([*acts, kill])
    acked = {client_id: seq for answer in answers for client_id, seq in answer}
    assert len(killed) >= 5
    assert len(acked) == 180
    # The writer tries again by itself: nobody had to hear of it.
    assert all(isinstance(seq, int) for seq in acked.values()), acked
    stored = dict(Message.objects.filter(chat_id=chat).values_list("client_id", "seq"))
    assert stored == acked
    assert seqs_of(chat) == list(range(1, 181))
    for answer in answers:
        assert [seq for _, seq in answer] == sorted(seq for _, seq in answer)


def test_with_the_database_away_nothing_is_acknowledged_and_it_recovers(
    alice: User, chat: str, process: Process, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WRITER_TIMEOUT_SECONDS = 1
    write(process, draft(alice, chat, "before"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        (database,) = cursor.fetchone()
        # Connections in place go, and new ones are refused.
        cursor.execute(f'ALTER DATABASE "{database}" CONNECTION LIMIT 0')
    try:
        terminate(backends("writer"))
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            is_bound = not cursor.fetchone()[0]
        results = write(process, draft(alice, chat, "during"))
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{database}" CONNECTION LIMIT -1')
    # A superuser is not bound by the limit: then it is the killed connection alone that heals.
    assert codes(results) == (["unavailable"] if is_bound else [2])
    assert codes(write(process, draft(alice, chat, "during"))) == [2]


def test_marks_of_one_member_in_one_batch_end_at_the_highest(
    alice: User, bob: User, chat: str, process: Process, published: Published
) -> None:
    fill(chat, alice, 10)
    published.take()
    wishes = [
        Raise(int(chat), bob.pk, "delivered", 4, 1),
        Raise(int(chat), bob.pk, "seen", 7, 2),
        Raise(int(chat), bob.pk, "delivered", 11, 1),
        Raise(int(chat), alice.pk, "seen", 2, 3),
        Raise(1, bob.pk, "seen", 1),
        Raise(int(chat), bob.pk, "seen", 3, 2),
    ]
    results: list[Any] = process.run(gather(wishes, marker.submit))
    assert [r.code if isinstance(r, AppError) else (r.delivered, r.seen) for r in results] == [
        (7, 7), (7, 7), "seq_above_head", (2, 2), "chat_not_found", (7, 7)
    ]  # fmt: skip
    assert all(isinstance(r, Marks | AppError) for r in results)
    told = {
        (p.event, user, p.data["user"], p.data["seq"], p.skip)
        for p in published.take()
        for user in p.to
    }
    me, peer = str(bob.pk), str(alice.pk)
    # Two of bob's sockets asked: neither is left out, or one would never hear of the other's.
    assert told == {
        ("message:seen", bob.pk, me, 7, 0), ("message:seen", alice.pk, me, 7, 0),
        ("message:seen", alice.pk, peer, 2, 3), ("message:seen", bob.pk, peer, 2, 0),
    }  # fmt: skip


def test_heads_answer_for_many_at_once(
    alice: User, bob: User, carol: User, chat: str, process: Process
) -> None:
    post(alice, chat)
    results: list[Any] = process.run(
        gather([alice.pk, bob.pk, carol.pk, alice.pk, 1], reader.submit)
    )
    assert [r if isinstance(r, AppError) else r["heads"] for r in results[:4]] == [
        {chat: 1}, {chat: 1}, {}, {chat: 1}
    ]  # fmt: skip
    assert isinstance(results[4], AppError)


def test_the_loop_cannot_wait_for_itself(alice: User, chat: str, process: Process) -> None:
    async def call() -> None:
        writer.call(draft(alice, chat, "a"))

    with pytest.raises(AssertionError, match="submit"):
        process.run(call())


def test_threads_are_answered_through_the_loop(alice: User, chat: str, process: Process) -> None:
    answers = at_once([partial(post, alice, chat, f"{n}", f"t{n}") for n in range(20)])
    assert sorted(answer.seq for answer in answers) == list(range(1, 21))
    assert backends("writer")


def test_batches_over_the_same_chats_in_any_order_do_not_lock_each_other(
    alice: User, process: Process, settings: Any
) -> None:
    """Chats are locked in the order of their ids, whatever the order of the messages."""
    friends = make_friends(alice, 12)
    chats = [make_chat(alice, friend) for friend in friends]

    def deadlocks() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_force_next_flush()")
            cursor.execute(
                "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
            )
            return int(cursor.fetchone()[0])

    def batches(thread: int) -> None:
        statement = SendStatement()
        order = chats if thread % 2 else chats[::-1]
        for n in range(25):
            items = [draft(alice, chat, f"d{thread}-{n}-{chat}") for chat in order]
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement.sql, statement.params(items))

    before = deadlocks()
    assert at_once([partial(batches, thread) for thread in range(4)]) == [None] * 4
    assert deadlocks() == before
    assert all(seqs_of(chat) == list(range(1, 101)) for chat in chats)
