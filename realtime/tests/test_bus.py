"""The bus: pushes wait for the commit, and its own silence shows."""

from typing import Any

import pytest
from channels.layers import get_channel_layer
from django.db import transaction

from accounts.models import User
from realtime import bus, runtime
from realtime.frames import encode
from realtime.redis import sync_client
from realtime.tests.process import Process, wait_for
from realtime.tests.published import Published

pytestmark = pytest.mark.django_db(transaction=True)

ONLINE = {"user": "1"}


def test_a_push_waits_for_the_commit_and_dies_with_a_rollback(
    alice: User, process: Process, published: Published
) -> None:
    socket = process.open(alice)
    with transaction.atomic():
        bus.publish([alice.pk], "user:online", ONLINE)
        assert published.take() == []
    wait_for(lambda: socket.frames)
    assert socket.names() == ["user:online"]
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        bus.publish([alice.pk], "user:online", ONLINE)
        1 / 0  # noqa: B018
    # What takes no place in a log does not wait.
    with transaction.atomic():
        bus.publish_ephemeral([alice.pk], "user:offline", {**ONLINE, "last_seen": None})
        wait_for(lambda: socket.frames)
    assert socket.names() == ["user:offline"]


def test_a_push_that_fails_does_not_fail_the_commit(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise ValueError

    monkeypatch.setattr(bus, "_publish_text", fail)
    with transaction.atomic():
        User.objects.filter(pk=alice.pk).update(about="told")
        bus.publish([alice.pk], "user:online", ONLINE)
    assert User.objects.get(pk=alice.pk).about == "told"


def test_what_other_processes_publish_arrives_once_and_the_own_not_again(
    alice: User, process: Process
) -> None:
    socket = process.open(alice)
    layer = get_channel_layer()
    assert layer is not None

    async def from_another(n: int, origin: str = "another") -> None:
        text = encode("user:online", {"user": f"{n}"})
        message = {"type": "hub.batch", "origin": origin, "n": n, "events": [[[alice.pk], text]]}
        await layer.group_send(bus.GROUP, message)

    def heard() -> list[str]:
        return [data["user"] for event, data in socket.frames if event == "user:online"]

    def first_arrives() -> bool:
        process.run(from_another(1))
        return bool(heard())

    wait_for(first_arrives)  # a process listens a moment after its start
    process.run(from_another(2))
    process.run(from_another(3, origin=runtime.PROCESS))
    process.run(from_another(4, origin=""))
    wait_for(lambda: "4" in heard())
    assert [user for user in heard() if user != "1"] == ["2", "4"]


def test_a_jump_of_another_processes_numbers_is_a_gap(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    gaps: list[int] = []

    async def note() -> None:
        gaps.append(1)

    monkeypatch.setattr(bus, "_on_gap", [note])

    def receive(n: int) -> int:
        message = {"type": "hub.batch", "origin": "other", "n": n, "events": []}
        process.run(bus._receive(message))
        return len(gaps)

    assert [receive(n) for n in (7, 8, 9, 11, 12, 1)] == [0, 0, 0, 1, 1, 2]


def test_silence_of_the_bus_shows_at_every_tick_and_its_return_once_more(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    gaps: list[bool] = []

    async def note() -> None:
        gaps.append(bus.is_away())

    monkeypatch.setattr(bus, "_on_gap", [note])
    settings.BUS_TICK_SECONDS = 0.2
    with Process():
        wait_for(lambda: bus._last_tick and not bus.is_away())
        sync_client().client_pause(1500)
        wait_for(lambda: gaps.count(True) >= 2)
        wait_for(lambda: not gaps[-1])
        assert not bus.is_away()


def test_without_a_loop_events_go_to_the_processes_that_have_one(
    alice: User, published: Published
) -> None:
    assert runtime.loop() is None
    bus.publish([alice.pk], "user:online", ONLINE)
    assert [push.to for push in published.take()] == [{alice.pk}]
