"""docs/protocol.md tells of every command, event and close code of the socket."""

import re
from pathlib import Path

from realtime import consumer, hub
from realtime.registry import commands, events

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "protocol.md").read_text()


def test_every_command_is_in_the_table_of_commands() -> None:
    told = set(re.findall(r"^\| `([a-z:]+)", _section("Commands"), re.MULTILINE))
    told |= set(re.findall(r"^\| `[a-z:]+`, `([a-z:]+)", _section("Commands"), re.MULTILINE))
    assert told == {"auth", *commands}


def test_every_event_is_named() -> None:
    told = set(re.findall(r"`([a-z:]+)[ `]", PAGE))
    assert set(events) <= told


def test_every_close_code_is_in_the_table() -> None:
    told = {int(code) for code in re.findall(r"^\| (\d{4}) \|", PAGE, re.MULTILINE)}
    ours = {hub.NOT_AUTHENTICATED, hub.SILENT, hub.TOO_MANY_SOCKETS, hub.RESTARTING}
    ours |= {consumer.FRAME_TOO_LARGE, consumer.FLOODING}
    assert ours | {1006} == told


def _section(title: str) -> str:
    return PAGE.partition(f"### {title}\n")[2].partition("\n### ")[0]
