"""What the sockets of a process do to presence, through the hooks that the consumer calls."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from time import perf_counter

import pytest
import time_machine
from django.test import override_settings

from accounts.models import User
from connections.tests.acts import connect, make_person
from core.clock import now
from presence import store, tracker
from presence.actions import sweep
from presence.commands import active
from presence.schemas import ActiveInput
from realtime import lifecycle, runtime
from realtime.bridge import run_in_thread
from realtime.redis import sync_client
from realtime.session import Session

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def _loop() -> AsyncIterator[None]:
    """The test's loop is the web process's."""
    runtime.register()
    yield
    await tracker.carry()
    runtime.unregister()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that only moves when told to."""
    with time_machine.travel(now(), tick=False) as clock:
        yield clock


def session_of(user: User, socket: int, device: int = 1) -> Session:
    """A socket of one of the user's devices."""
    return Session(user.pk, device, expires_at=2**40, socket=socket)


async def is_online(user: User) -> bool:
    """Whether the user counts as online once everything is carried."""
    await tracker.carry()
    return bool(await run_in_thread(store.online, [user.pk], now().timestamp()))


async def say_active(session: Session, is_active: bool) -> None:
    """The client sends ``active``; the command runs in a thread, as in the consumer."""
    await run_in_thread(active, session, ActiveInput(active=is_active))


@pytest.fixture
def alice(transactional_db: None) -> User:
    """Whose sockets open and close."""
    return make_person("alice")


@pytest.mark.usefixtures("_loop")
async def test_a_socket_brings_its_person_online_and_takes_them_off(
    alice: User, clock: time_machine.Traveller
) -> None:
    session = session_of(alice, 1)
    await lifecycle.opened(session)
    assert await is_online(alice)
    clock.shift(timedelta(seconds=60))
    await lifecycle.beat(session)
    clock.shift(timedelta(seconds=60))
    assert await is_online(alice)
    await lifecycle.closed(session)
    assert await is_online(alice)
    clock.shift(timedelta(seconds=5))
    assert not await is_online(alice)
    assert await run_in_thread(sweep, now().timestamp()) == [alice.pk]


@pytest.mark.usefixtures("_loop")
async def test_an_inactive_device_does_not_count(
    alice: User, clock: time_machine.Traveller
) -> None:
    session = session_of(alice, 1)
    await lifecycle.opened(session)
    await say_active(session, False)
    clock.shift(timedelta(seconds=6))
    assert not await is_online(alice)
    await lifecycle.beat(session)
    assert not await is_online(alice)
    await say_active(session, True)
    assert await is_online(alice)
    await lifecycle.closed(session)


@pytest.mark.usefixtures("_loop")
async def test_any_active_device_or_tab_counts(alice: User, clock: time_machine.Traveller) -> None:
    phone, tab, other_tab = (
        session_of(alice, 1),
        session_of(alice, 2, device=2),
        session_of(alice, 3, device=2),
    )
    for session in (phone, tab, other_tab):
        await lifecycle.opened(session)
    await say_active(phone, False)
    await say_active(tab, False)
    clock.shift(timedelta(seconds=10))
    assert await is_online(alice)
    await lifecycle.closed(other_tab)
    assert await is_online(alice)
    clock.shift(timedelta(seconds=10))
    assert not await is_online(alice)
    for session in (phone, tab):
        await lifecycle.closed(session)


@pytest.mark.usefixtures("_loop")
async def test_a_command_that_comes_after_the_end_wakes_nobody(
    alice: User, clock: time_machine.Traveller
) -> None:
    session = session_of(alice, 1)
    await lifecycle.opened(session)
    await lifecycle.closed(session)
    await say_active(session, True)
    await lifecycle.beat(session)
    clock.shift(timedelta(seconds=6))
    assert not await is_online(alice)


@pytest.mark.usefixtures("_loop")
async def test_the_process_tells_on_its_way_out(alice: User, clock: time_machine.Traveller) -> None:
    session = session_of(alice, 1)
    await tracker._start()
    await lifecycle.opened(session)
    await lifecycle.closed(session)
    await tracker._stop()
    clock.shift(timedelta(seconds=5))
    assert not await run_in_thread(store.online, [alice.pk], now().timestamp())


@pytest.mark.usefixtures("_loop")
async def test_without_redis_hooks_do_not_wait_and_heartbeats_repair(
    alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    session = session_of(alice, 1)
    sync_client.cache_clear()
    with override_settings(REDIS_URL="unix:///nowhere/valkey.sock"):
        began = perf_counter()
        await lifecycle.opened(session)
        await lifecycle.beat(session)
        assert perf_counter() - began < 0.1
        for _ in range(3):
            await lifecycle.beat(session)
            await tracker.carry()
        assert caplog.text.count("presence_away") == 1
        sync_client.cache_clear()
    sync_client.cache_clear()
    await lifecycle.beat(session)
    assert await is_online(alice)
    assert caplog.text.count("presence_back") == 1
    await lifecycle.closed(session)


@pytest.mark.usefixtures("_loop")
async def test_friends_see_each_other_come(alice: User) -> None:
    bob = await run_in_thread(_friend_of, alice)
    mine, his = session_of(alice, 1), session_of(bob, 2)
    await lifecycle.opened(mine)
    await lifecycle.opened(his)
    assert await is_online(alice) and await is_online(bob)
    await lifecycle.closed(mine)
    await lifecycle.closed(his)


def _friend_of(user: User) -> User:
    friend = make_person("bob")
    connect(friend, user)
    return friend
