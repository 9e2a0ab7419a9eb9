"""What was published during a test: every event, its data and whom it was for."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import msgspec
import pytest

from realtime import bus
from realtime.hub import Audience, OneDevice
from realtime.registry import events


class Push(NamedTuple):
    """One event on its way to the hub: to some users, or to the members of an audience."""

    event: str
    data: dict[str, Any]
    to: set[int]
    audience: Audience | None
    skip: int
    device: int | None = None


class Published:
    """The pushes since the last look, in order."""

    def __init__(self) -> None:
        self.pushes: list[Push] = []

    def take(self, *names: str) -> list[Push]:
        """The pushes of the named events (all without a name); none of any kind is kept."""
        taken = [push for push in self.pushes if not names or push.event in names]
        self.pushes.clear()
        return taken

    def note(self, to: bus.Recipients, text: str, skip: int = 0) -> None:
        """Keeps a push and holds it to what its event is declared to be."""
        frame = msgspec.json.decode(text)
        check_shape(frame["event"], frame["data"])
        audience = to if isinstance(to, Audience) else None
        device = to.device_id if isinstance(to, OneDevice) else None
        users: set[int] = set()
        if isinstance(to, OneDevice):
            users = {to.user_id}
        elif isinstance(to, list):
            users = set(to)
        self.pushes.append(Push(frame["event"], frame["data"], users, audience, skip, device))


def check_shape(event: str, data: dict[str, Any]) -> None:
    """Fails for an event that is not declared, or whose data has another shape than declared."""
    assert event in events, f"{event} is published, but no TypedDict is declared for it"
    msgspec.convert(data, events[event], strict=True)
    fields = events[event].__annotations__
    assert data.keys() <= fields.keys(), f"{event} has fields that are not declared"


@pytest.fixture(autouse=True)
def published(monkeypatch: pytest.MonkeyPatch) -> Iterator[Published]:
    """Keeps what passes the two ends of the bus: the loop of a web process, and all the rest."""
    kept = Published()
    trouble: list[Exception] = []

    def noting(pass_on: Callable[..., None]) -> Callable[..., None]:
        def publish(to: bus.Recipients, text: str, skip: int = 0) -> None:
            try:
                kept.note(to, text, skip)
            except (AssertionError, msgspec.ValidationError) as error:
                trouble.append(error)  # publishing is robust: it would be logged and forgotten
            pass_on(to, text, *((skip,) if skip else ()))

        return publish

    monkeypatch.setattr(bus, "publish_now", noting(bus.publish_now))
    monkeypatch.setattr(bus, "_publish_from_outside", noting(bus._publish_from_outside))
    yield kept
    assert not trouble, trouble
