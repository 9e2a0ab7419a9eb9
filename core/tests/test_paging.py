"""Cursors: opaque, and refused where they were not given out."""

import base64
import json
from typing import Any

import pytest
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from core.errors import Invalid
from core.paging import Place, page, place_of


def place(**query: str) -> Place:
    """What a list is asked for."""
    return place_of(Request(APIRequestFactory().get("/", query)))


def cursor_of(value: Any) -> str:
    """As a client might make one up."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


def test_limits() -> None:
    assert place() == Place(None, 50)
    assert place(limit="") == Place(None, 50)
    assert (place(limit="1").limit, place(limit="100").limit) == (1, 100)


@pytest.mark.parametrize(
    "limit", ["0", "101", "abc", "-1", "1.5", "1e2", " 5", "\u0665", "9" * 5000, "0x5"]
)
def test_odd_limits_are_refused(limit: str) -> None:
    with pytest.raises(Invalid) as refusal:
        place(limit=limit)
    assert refusal.value.fields and refusal.value.fields.keys() == {"limit"}


def test_a_walk_meets_every_row_once() -> None:
    rows = list(range(23))
    met: list[int] = []
    query: dict[str, str] = {}
    while True:
        asked = place(limit="5", **query)
        after = asked.ints(1)
        left = [row for row in rows if after is None or row > after[0]][: asked.limit + 1]
        answer = page(left, asked, key=lambda row: [row], payload=str, users={})
        met += map(int, answer["results"])
        if answer["next"] is None:
            break
        assert answer["next"].isascii() and "=" not in answer["next"]
        query = {"cursor": answer["next"]}
    assert met == rows


@pytest.mark.parametrize(
    "cursor",
    ["x", "!!!", "\U0001f600", "A" * 9999, cursor_of({}), cursor_of("x"), cursor_of(None),
     base64.urlsafe_b64encode(b"[1").decode(), base64.urlsafe_b64encode(b"\xff").decode(),
     base64.urlsafe_b64encode(b"[" * 5000).decode()],
)  # fmt: skip
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid) as refusal:
        place(cursor=cursor)
    assert refusal.value.code == "cursor_invalid"


@pytest.mark.parametrize(
    "value", [[], [1, 2], ["1"], [None], [True], [1.5], [2**63], [-(2**63) - 1], [10**40], [[1]]]
)
def test_a_cursor_of_another_list_is_refused(value: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        place(cursor=cursor_of(value)).ints(1)
    assert refusal.value.code == "cursor_invalid"
