"""The hub: whose sockets are where, who is left out, and when the cache of members is read anew."""

import asyncio
import time
from collections.abc import Collection
from typing import Any

import pytest

from accounts.models import User
from realtime import bus, control, hub
from realtime.tests.process import Process, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def push(process: Process, to: Any, event: str = "user:online", skip: int = 0) -> None:
    """Publishes from the loop."""

    async def publish() -> None:
        bus.publish_ephemeral(to, event, {"user": "1"}, skip=skip)

    process.run(publish())


def test_every_socket_of_the_named_users_hears_but_the_one_left_out(
    alice: User, bob: User, carol: User, process: Process
) -> None:
    phone, laptop, tab = process.open(alice), process.open(alice), process.open(bob)
    stranger = process.open(carol)
    push(process, [alice.pk, bob.pk], skip=laptop.number)
    heard = [socket.names() for socket in (phone, laptop, tab, stranger)]
    assert heard == [["user:online"], [], ["user:online"], []]


def test_the_eleventh_socket_closes_the_oldest(alice: User, bob: User, process: Process) -> None:
    sockets = [process.open(alice) for _ in range(10)]
    other = process.open(bob)
    assert [socket.code for socket in sockets] == [None] * 10
    newest = process.open(alice)
    assert [socket.code for socket in sockets] == [4409] + [None] * 9
    assert len(hub.local_connections(alice.pk)) == 10
    push(process, [alice.pk])
    assert sockets[0].names() == []
    assert newest.names() == ["user:online"] and other.code is None


def test_ended_tokens_and_silent_sockets_are_closed(
    alice: User, process: Process, settings: Any
) -> None:
    ended = process.open(alice, expires_at=time.time() - 1)
    silent, live = process.open(alice), process.open(alice)
    silent_connection = hub.local_connections(alice.pk)[1]
    silent_connection.heard_at -= settings.SOCKET_SILENT_SECONDS + 1

    async def sweep() -> None:
        hub._sweep()

    process.run(sweep())
    assert (ended.code, silent.code, live.code) == (4401, 4408, None)
    assert [one.session.socket for one in hub.local_connections(alice.pk)] == [live.number]


def test_all_are_told_when_to_come_back(alice: User, bob: User, process: Process) -> None:
    sockets = [process.open(alice), process.open(bob)]

    async def end() -> None:
        hub.close_all()

    process.run(end())
    assert [(socket.code, socket.reason) for socket in sockets] == [(1012, "2")] * 2


@pytest.fixture
def audience(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the loader of members answers; and how often it was asked, as the last item."""
    state: list[Any] = [1, [], 0]

    async def load(audience: int) -> tuple[int, Collection[int]]:
        state[2] += 1
        return state[0], list(state[1])

    monkeypatch.setattr(hub, "_load_members", load)
    hub._audiences.clear()
    return state


async def _turns() -> None:
    """Lets the loop load members and deliver."""
    for _ in range(5):
        await asyncio.sleep(0)


def test_members_are_kept_by_their_version(
    alice: User, bob: User, process: Process, audience: list[Any]
) -> None:
    wait_for(control.is_listening)  # from then on nothing else empties the cache
    mine, theirs = process.open(alice), process.open(bob)
    audience[:2] = [1, [alice.pk, bob.pk]]

    def heard(version: int) -> tuple[int, int]:
        push(process, hub.Audience(77, version))
        process.run(_turns())
        return len(mine.names()), len(theirs.names())

    assert heard(1) == (1, 1) and audience[2] == 1
    assert heard(1) == (1, 1) and audience[2] == 1
    # Bob was removed: a message that saw that is not told to him, whatever was cached.
    audience[:2] = [2, [alice.pk]]
    assert heard(1) == (1, 1) and audience[2] == 1
    assert heard(2) == (1, 0) and audience[2] == 2
    assert heard(1) == (1, 0) and audience[2] == 2
    # A control message makes the cache go, without a newer message.
    audience[:2] = [2, [bob.pk]]
    control.forget_audience(77)
    wait_for(lambda: hub.cached_members(hub.Audience(77)) is None)
    assert heard(1) == (0, 1)
