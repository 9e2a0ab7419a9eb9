"""The tables of commands and events, and the documents made from them."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from realtime.registry import command, commands, event, events
from realtime.tests.published import check_shape

PUBLISHERS = {"publish": 1, "publish_ephemeral": 1, "tell": 1}


def asyncapi() -> Any:
    """The document as it is served."""
    answer = Client().get("/asyncapi.json")
    assert answer.status_code == 200
    return answer.json()


def test_the_document_lists_exactly_what_the_socket_knows() -> None:
    document = asyncapi()
    operations = document["operations"].values()

    def named(action: str, side: str) -> set[str]:
        refs = [one["messages"][0]["$ref"] for one in operations if one["action"] == action]
        return {ref.rpartition(f"/{side}.")[2] for ref in refs}

    assert document["asyncapi"].startswith("3.")
    assert named("receive", "client") == {*commands, "auth"}
    assert named("send", "server") == {*events, "error"}
    assert document["components"]["messages"].keys() == {
        *(f"client.{name}" for name in (*commands, "auth")),
        *(f"server.{name}" for name in (*events, "error")),
    }


def test_the_document_refers_to_nothing_that_is_not_in_it() -> None:
    document = asyncapi()

    def refs(part: Any) -> list[str]:
        if isinstance(part, dict):
            return [v for k, v in part.items() if k == "$ref"] + [
                ref for value in part.values() for ref in refs(value)
            ]
        return [ref for value in part for ref in refs(value)] if isinstance(part, list) else []

    for ref in refs(document):
        target = document
        for step in ref.removeprefix("#/").split("/"):
            assert step in target, ref
            target = target[step]


def test_every_reply_is_an_event_that_is_declared() -> None:
    assert {one.reply for one in commands.values() if one.reply} <= set(events)


def test_every_event_that_the_code_names_is_declared() -> None:
    """By reading the code: a publisher called with a literal name."""
    named: set[str] = set()
    for path in sorted(Path(settings.BASE_DIR).glob("*/**/*.py")):
        relative = path.relative_to(settings.BASE_DIR)
        if "tests" in relative.parts or relative.parts[0] in {".venv", "web", "var", "bench"}:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                place = PUBLISHERS.get(name)
                if place is not None and len(node.args) > place:
                    argument = node.args[place]
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        named.add(argument.value)
    assert {"chat:receive", "user:online", "message:seen"} <= named
    assert named <= set(events)


def test_a_name_is_given_once() -> None:
    with pytest.raises(AssertionError, match="two commands"):
        command("ping", dict)(lambda session, data: None)
    with pytest.raises(AssertionError, match="two events"):
        event("pong")(dict)


def test_an_event_is_held_to_its_declaration() -> None:
    good = {"chat": "1", "user": "2", "typing": True, "kind": "text"}
    check_shape("chat:typing", good)
    for bad in ({**good, "more": 1}, {**good, "user": 2}, {"chat": "1"}):
        with pytest.raises((AssertionError, ValueError)):
            check_shape("chat:typing", bad)
    with pytest.raises(AssertionError, match="no TypedDict"):
        check_shape("chat:odd", {})


def test_the_document_is_json_of_a_moderate_size() -> None:
    assert 5_000 < len(json.dumps(asyncapi())) < 200_000
