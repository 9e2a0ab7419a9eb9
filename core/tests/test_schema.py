"""Input: decoded strictly, what cannot be stored refused, what can kept."""

from typing import Any

import msgspec
import pytest

from core.errors import Invalid
from core.schema import ClientId, Input, Seq, decode, parse


class Shape(Input):
    """Some of everything."""

    text: str
    number: Seq = 0
    client_id: ClientId = "a"
    parts: dict[str, list[str]] = {}  # noqa: RUF012  # msgspec copies it


decoder = msgspec.json.Decoder(Shape)
anything = msgspec.json.Decoder()


def test_unknown_fields_are_ignored() -> None:
    assert decode(b'{"text": "a", "new": {"in": 2030}}', decoder).text == "a"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (r'{"text": "\\u0000"}', r"\u0000"),
        (r'{"text": "a\\\\u0000b"}', r"a\\u0000b"),
        (r'{"text": "\ud83d\ude00"}', "\U0001f600"),
        ('{"text": "\\u00e9 \u00e9 e\u0301"}', "\u00e9 \u00e9 e\u0301"),
        (r'{"text": "\ufffe\uffff\u0001"}', "\ufffe\uffff\u0001"),
    ],
    ids=range(5),
)
def test_text_is_kept_as_it_was_meant(raw: str, text: str) -> None:
    assert decode(raw.encode(), decoder).text == text
    assert decode(raw, decoder).text == text


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"nope", b"'a'", b"NaN", b'{"text": NaN}', b"[Infinity]", b"-", b'{"a": 01}',
        b'{"text": "\xff"}', b'{"text": "\xed\xa0\x80"}', b"\xff\xfe{\x00}\x00", b"\xef\xbb\xbf{}",
        rb'{"text": "\ud800"}', rb'{"text": "\udc00\ud800"}', rb'{"\ud800": 1}',
        b'{"text": "a\nb"}', b'{"text": "\x00"}', b"[" * 100_000, b'{"a":' * 100_000,
        rb'{"text": "\u0000"}', rb'{"text": "a\u0000b"}',
        rb'{"text": "a", "parts": {"a\u0000": []}}',
        rb'{"text": "a", "parts": {"a": ["b", "c\u0000"]}}',
    ],
    ids=range(24),
)  # fmt: skip
def test_what_is_no_json_or_cannot_be_stored_is_refused(raw: bytes) -> None:
    with pytest.raises(Invalid):
        decode(raw, decoder)


def test_nul_is_found_however_deep_it_stands() -> None:
    for depth in (1, 100, 400, 900, 5000):
        for left, right in (("[", "]"), ('{"a":', "}")):
            raw = left * depth + '"\\u0000"' + right * depth
            with pytest.raises(Invalid):
                decode(raw.encode(), anything)
            fine = left * 400 + '"\\\\u0000"' + right * 400
            decode(fine.encode(), anything)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"), ({"text": 1}, "text"), ({"text": None}, "text"),
        ({"text": "a", "number": -1}, "number"), ({"text": "a", "number": 2**53 + 1}, "number"),
        ({"text": "a", "number": 1.5}, "number"), ({"text": "a", "number": "1"}, "number"),
        ({"text": "a", "number": True}, "number"), ({"text": "a", "number": 10**400}, "number"),
        ({"text": "a", "client_id": ""}, "client_id"),
        ({"text": "a", "client_id": "x" * 65}, "client_id"),
        ({"text": "a", "client_id": "a\n"}, "client_id"),
        ({"text": "a", "parts": {"x": [1]}}, "parts"), ([], None), ("x", None), (None, None),
    ],
    ids=range(16),
)  # fmt: skip
def test_a_refusal_names_the_field(body: Any, field: str | None) -> None:
    with pytest.raises(Invalid) as refusal:
        parse(Shape, body)
    assert refusal.value.code == "invalid"
    assert (refusal.value.fields or {}).keys() == ({field} if field else set())


def test_huge_numbers_are_refused_or_read_and_never_an_error() -> None:
    for number in ("9" * 30, "9" * 5000, "1e400", "-1e400", "1e-400", "0." + "1" * 3000):
        for raw in (f'{{"text": "a", "number": {number}}}', f'{{"text": "a", "other": {number}}}'):
            try:
                decode(raw.encode(), decoder)
            except Invalid:
                pass


def test_numbers_of_a_query_string_are_read_from_text() -> None:
    assert parse(Shape, {"text": "a", "number": "7"}, lax=True).number == 7
    with pytest.raises(Invalid):
        parse(Shape, {"text": "a", "number": "x"}, lax=True)
