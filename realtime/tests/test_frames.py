"""Frames: what is read, what is refused, and the ref that comes back as it came."""

import json

import msgspec
import pytest

from core.errors import AppError, Invalid, RateLimited
from core.schema import Input
from realtime.frames import encode, encode_error, read_data, read_frame

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


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "invalid_json"), ("{", "invalid_json"), ("nope", "invalid_json"),
        ("'a'", "invalid_json"), ("{}{}", "invalid_json"), ("NaN", "invalid_json"),
        ('{"event": "x", "data": {"a": NaN}}', "invalid_json"),
        ('{"event": "x", "ref": nope}', "invalid_json"), ("[]", "invalid_frame"),
        ('"x"', "invalid_frame"), ("1", "invalid_frame"), ("null", "invalid_frame"),
        ("{}", "invalid_frame"), ('{"event": 1}', "invalid_frame"),
        ('{"event": null, "data": {}}', "invalid_frame"), ("[" * 5000, "invalid_json"),
        ("[" * 5000 + "]" * 5000, "invalid_frame"), ('{"a":' * 5000, "invalid_json"),
        ('{"event": "x", "data": ' + "[" * 30_000, "invalid_json"),
    ],
    ids=range(19),
)  # fmt: skip
def test_what_is_no_frame_is_refused(text: str, code: str) -> None:
    with pytest.raises(AppError) as refusal:
        read_frame(text)
    # Which of the two it is of what is both is the decoder's affair.
    assert refusal.value.code in {code, "invalid_json", "invalid_frame"}
    assert refusal.value.status == 400


@pytest.mark.parametrize(
    "data", ["[]", "1", "null", '{"text": 1}', '{"text": "\\u0000"}', '{"text": "\\ud800"}']
)
def test_data_of_another_shape_is_refused(data: str) -> None:
    with pytest.raises(Invalid):
        read_data(read_frame(f'{{"event": "x", "data": {data}}}'), decoder)


def test_an_error_carries_what_http_would() -> None:
    frame = json.loads(encode_error(RateLimited(2.2)))
    assert frame["event"] == "error"
    assert frame["data"].keys() == {"code", "message", "retry_after"}
    assert frame["data"]["retry_after"] == 3
    fields = json.loads(encode_error(Invalid("invalid", "No.", fields={"text": ["No."]})))
    assert fields["data"]["fields"] == {"text": ["No."]}
