"""Frames: what is read, what is refused, and the ref that comes back as it came."""

import json

import msgspec
import pytest

from core.errors import Invalid, RateLimited
from core.schema import Input
from realtime.frames import NO_REF, encode, encode_error, read_data, read_frame, ref_of

REFS = [
    "1", "0", "-1.50", "1e400", "9" * 60, '"a"', '""', "null", "true", "[]", "{}",
    '{"a": [1, {"b": null}]}', '"\\u0000"', '"\\u00e9\\/"', '"\u00e9\U0001f600"',
    "[" * 50 + "]" * 50, '{"b": 1, "a": 1, "b": 2}', " 7 ",
]  # fmt: skip


class Data(Input):
    """Something with a text."""

    text: str = "none"


decoder = msgspec.json.Decoder(Data)


@pytest.mark.parametrize("ref", REFS)
def test_a_ref_comes_back_as_it_came(ref: str) -> None:
    frame = read_frame(f'{{"event": "x", "ref": {ref}, "data": {{}}}}')
    for answer in (encode("y", {}, frame.ref), encode_error(Invalid("c", "m"), frame.ref)):
        assert f'"ref":{ref.strip()},' in answer


def test_without_a_ref_there_is_none() -> None:
    frame = read_frame('{"event": "x"}')
    assert json.loads(encode("y", {"a": 1}, frame.ref)) == {"event": "y", "data": {"a": 1}}
    assert read_data(frame, decoder).text == "none"


NO_FRAMES = [
    "", "{", "nope", "'a'", "{}{}", "NaN", '{"event": "x", "data": {"a": NaN}}',
    '{"event": "x", "ref": nope}', "[]", '"x"', "1", "null", "{}", '{"event": 1}',
    '{"event": null, "data": {}}', "[" * 5000, "[" * 5000 + "]" * 5000, '{"a":' * 5000,
    '{"event": "x", "data": ' + "[" * 30_000,
]  # fmt: skip


@pytest.mark.parametrize("text", NO_FRAMES, ids=range(len(NO_FRAMES)))
def test_what_is_no_frame_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_frame(text)
    assert refusal.value.code in {"invalid_json", "invalid_frame"}


@pytest.mark.parametrize(
    "data", ["[]", "1", "null", '{"text": 1}', '{"text": "\\u0000"}', '{"text": "\\ud800"}']
)
def test_data_of_another_shape_is_refused(data: str) -> None:
    with pytest.raises(Invalid):
        read_data(read_frame(f'{{"event": "x", "data": {data}}}'), decoder)


@pytest.mark.parametrize(
    "half", ["\\ud800", "\\uDFFF", "\\ud83d\\ud83d", "\\\\\\ud800", "\\ude00\\ud83d"]
)
def test_half_a_character_costs_the_data_and_not_the_ref(half: str) -> None:
    """Text cut in the middle of an emoji, as a browser sends it."""
    frame = read_frame(f'{{"event": "x", "ref": "\\ud83d\\ude00", "data": {{"text": "a{half}"}}}}')
    assert bytes(frame.ref) == b'"\\ud83d\\ude00"'
    with pytest.raises(Invalid) as refusal:
        read_data(frame, decoder)
    assert refusal.value.code == "invalid_text"


def test_what_looks_like_half_a_character_is_kept() -> None:
    frame = read_frame(
        '{"event": "x", "ref": "\\ud800", "data": {"text": "\\\\ud800 \\ud83d\\ude00"}}'
    )
    assert read_data(frame, decoder).text == "\\ud800 \U0001f600"


@pytest.mark.parametrize("event", ["5", "null", "[]", "{}"])
def test_what_is_no_frame_may_have_a_ref(event: str) -> None:
    text = f'{{"event": {event}, "ref": {{"a": 1}}}}'
    assert bytes(ref_of(text)) == bytes(ref_of(text.encode())) == b'{"a": 1}'


@pytest.mark.parametrize("text", NO_FRAMES, ids=range(len(NO_FRAMES)))
def test_what_is_no_frame_and_has_no_ref_is_answered_without(text: str) -> None:
    assert ref_of(text) is NO_REF


def test_an_error_carries_what_http_would() -> None:
    frame = json.loads(encode_error(RateLimited(2.2)))
    assert frame["event"] == "error"
    assert frame["data"].keys() == {"code", "message", "retry_after"}
    assert frame["data"]["retry_after"] == 3
    fields = json.loads(encode_error(Invalid("invalid", "No.", fields={"text": ["No."]})))
    assert fields["data"]["fields"] == {"text": ["No."]}
