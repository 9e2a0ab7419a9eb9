"""Control messages: told by PostgreSQL on commit, and made up for when they were missed."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import Device, User
from core.clock import now
from realtime import control, hub
from realtime.tests.process import Process, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def process() -> Iterator[Process]:
    """A process that listens."""
    with Process() as process:
        wait_for(control.is_listening)
        yield process


def marker_arrives() -> None:
    """Waits for a notice sent now: all before it have been handled then."""
    seen: list[Any] = []

    async def note(data: Any) -> None:
        seen.append(data)

    control.watch("test")(note)
    control.notify("test", 1)
    wait_for(lambda: seen)
    control._handlers["test"].remove(note)


def test_a_revoked_devices_sockets_close_and_no_others(
    alice: User, bob: User, process: Process
) -> None:
    phone = process.open(alice)
    tab, laptop, other = process.open(alice, of=phone), process.open(alice), process.open(bob)
    control.close_devices([phone.device.pk])
    wait_for(lambda: tab.code)
    assert (phone.code, tab.code, laptop.code, other.code) == (4401, 4401, None, None)
    assert len(hub.local_connections(alice.pk)) == 1


def test_all_sockets_of_a_user_close(alice: User, bob: User, process: Process) -> None:
    sockets = [process.open(alice), process.open(alice)]
    other = process.open(bob)
    control.close_users([alice.pk], code=4403)
    wait_for(lambda: sockets[1].code)
    assert [socket.code for socket in sockets] == [4403, 4403] and other.code is None


def test_nothing_is_told_before_the_commit_nor_after_a_rollback(
    alice: User, process: Process
) -> None:
    socket = process.open(alice)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        control.close_users([alice.pk])
        1 / 0  # noqa: B018
    marker_arrives()
    assert socket.code is None
    with transaction.atomic():
        control.close_users([alice.pk])
        process.run(_turn())
        assert socket.code is None
    wait_for(lambda: socket.code)


async def _turn() -> None:
    """Lets the loop do what it has to do."""


def test_many_ids_go_in_portions(alice: User, process: Process) -> None:
    socket = process.open(alice)
    far = [2**62 + n for n in range(2000)]
    control.close_devices([*far, socket.device.pk])
    wait_for(lambda: socket.code)


def test_what_is_no_kind_of_ours_and_a_handler_that_fails_do_no_harm(
    alice: User, process: Process
) -> None:
    async def fail(data: Any) -> None:
        raise ValueError(data)

    control.watch("failing")(fail)
    control.notify("failing", 1)
    control.notify("unknown", {"a": 1})
    with connection.cursor() as cursor:
        for payload in ("", "{", "1", "[1]", "[[], 1]"):
            cursor.execute("SELECT pg_notify(%s, %s)", [control.CHANNEL, payload])
    marker_arrives()
    assert control.is_listening()


def test_a_listener_that_was_cut_reads_the_leases_again(alice: User, process: Process) -> None:
    gone, kept = process.open(alice), process.open(alice)
    wait_for(control.is_listening)
    # The notice of this revocation is lost: nobody listens when it would come.
    Device.objects.filter(pk=gone.device.pk).update(revoked_at=now())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'chatproject listener'"
        )
    wait_for(lambda: gone.code)
    assert (gone.code, kept.code) == (4401, None)
    wait_for(control.is_listening)
    control.close_users([alice.pk])
    wait_for(lambda: kept.code)
