"""Sending, as the action and the HTTP door do it."""

from functools import partial
from typing import Any

import pytest

from accounts.models import User
from chat.models import Message
from chat.tests.acts import API, head_of, make_chat, mark, post, seqs_of
from connections.actions.people import block_person, remove_connection
from connections.tests.acts import as_, at_once, connect
from core.errors import AppError, Conflict, Forbidden, NotFound
from realtime.tests.published import Published

KEPT = [
    "  leading and trailing  ",
    "\n line\r\nbreaks \t",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 family",
    "\u05e9\u05dc\u05d5\u05dd \u202e\u05e2\u05d5\u05dc\u05dd",
    "e\u0301 is not \u00e9",
    "\ufdfa \uff41 \u00bd \u017f",
    "\\u0000 is six characters",
    "<script>alert('&')</script>",
    "\U0010ffff\ufeff.",
    "x" * 10_000,
    "\U0001f600" * 10_000,
]


def send(user: User, chat: str, **body: Any) -> Any:
    """Over HTTP."""
    return as_(user).post(f"{API}{chat}/messages/", body, format="json")


def test_a_message_takes_the_next_place_and_both_are_told(
    alice: User, bob: User, chat: str, published: Published, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(alice, chat, client_id="a-1", text="hello")
    message = answer.json()
    assert answer.status_code == 201
    assert message["id"] == f"{chat}-1"
    assert (message["chat"], message["seq"]) == (chat, 1)
    assert (message["sender"], message["client_id"]) == (str(alice.pk), "a-1")
    assert (message["kind"], message["text"], message["status"]) == ("text", "hello", "sent")
    (push,) = published.take("chat:receive")
    assert push.to == {alice.pk, bob.pk}
    # What differs by viewer is not pushed.
    of_viewer = {"status", "starred"}
    assert push.data["message"] == {k: v for k, v in message.items() if k not in of_viewer}


@pytest.mark.parametrize("text", KEPT, ids=range(len(KEPT)))
def test_text_is_kept_exactly(alice: User, bob: User, chat: str, text: str) -> None:
    assert send(alice, chat, client_id="a", text=text).json()["text"] == text
    page = as_(bob).get(f"{API}{chat}/messages/").json()
    assert [message["text"] for message in page["results"]] == [text]


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n\t ", "\u200b\u200d\ufeff", "\x01\x02", "\0", "a\0b", "x" * 10_001, None, 7, []],
    ids=repr,
)
def test_odd_text_is_refused(alice: User, chat: str, text: Any) -> None:
    answer = send(alice, chat, client_id="a", text=text)
    assert answer.status_code == 400, answer.json()
    assert seqs_of(chat) == []


@pytest.mark.parametrize("text", ['"\\ud800"', '"a\\udc00b"', '"\\udc00\\ud800"'])
def test_lone_surrogates_are_refused(alice: User, chat: str, text: str) -> None:
    raw = f'{{"client_id": "a", "text": {text}}}'
    answer = as_(alice).generic("POST", f"{API}{chat}/messages/", raw, "application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize("client_id", ["", "a" * 65, "a b", "a\n", "ä", "a.b", None, 1])
def test_odd_client_ids_are_refused(alice: User, chat: str, client_id: Any) -> None:
    assert send(alice, chat, client_id=client_id, text="hi").status_code == 400
    assert send(alice, chat, text="hi").json()["error"]["fields"].keys() == {"client_id"}


def test_a_repeat_is_the_same_message(
    alice: User, chat: str, published: Published, django_capture_on_commit_callbacks: Any
) -> None:
    first = send(alice, chat, client_id="a", text="hello")
    with django_capture_on_commit_callbacks(execute=True):
        again = send(alice, chat, client_id="a", text="hello")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert published.take("chat:receive") == []
    assert seqs_of(chat) == [1]


def test_a_repeat_tells_the_present_status(alice: User, bob: User, chat: str) -> None:
    send(alice, chat, client_id="a", text="hello")
    mark(bob, chat, "seen", 1)
    assert send(alice, chat, client_id="a", text="hello").json()["status"] == "seen"


def test_a_used_client_id_takes_no_other_content(
    alice: User, bob: User, carol: User, chat: str
) -> None:
    connect(carol, alice)
    other = make_chat(alice, carol)
    send(alice, chat, client_id="a", text="hello")
    for elsewhere, text in ((chat, "hello!"), (other, "hello")):
        answer = send(alice, elsewhere, client_id="a", text=text)
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "client_id_reused")
    # Another sender's ids are their own.
    assert send(bob, chat, client_id="a", text="hello!").status_code == 201
    assert seqs_of(chat) == [1, 2] and seqs_of(other) == []


@pytest.mark.parametrize("end", [remove_connection, block_person])
@pytest.mark.parametrize("by_peer", [False, True])
def test_a_closed_chat_takes_no_message_but_is_read(
    alice: User, bob: User, chat: str, end: Any, by_peer: bool
) -> None:
    post(alice, chat, "before", "a")
    one, two = (bob, alice) if by_peer else (alice, bob)
    if end is remove_connection:
        remove_connection(user_id=one.pk, other_id=two.pk)
    else:
        block_person(blocker_id=one.pk, blocked_id=two.pk)
    for user in (alice, bob):
        answer = send(user, chat, client_id="new", text="hi")
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "chat_closed")
        page = as_(user).get(f"{API}{chat}/messages/").json()
        assert [message["text"] for message in page["results"]] == ["before"]
    # The repeat check comes before the access check: what was sent was sent.
    assert send(alice, chat, client_id="a", text="before").status_code == 200
    assert send(alice, chat, client_id="a", text="other").status_code == 409
    assert seqs_of(chat) == [1]


RUBBISH: list[dict[str, Any]] = [
    {"client_id": "a", "text": "hello"},
    {},
    {"client_id": "a", "text": ""},
    {"client_id": "a", "text": " \n"},
    {"client_id": "a b", "text": "x"},
    {"client_id": "a", "text": "\0"},
    {"client_id": "a", "text": "x" * 10_001},
    {"client_id": "a", "text": "x", "kind": "poll"},
]


@pytest.mark.parametrize("body", RUBBISH, ids=range(len(RUBBISH)))
def test_a_stranger_sees_no_chat_whatever_they_send(
    carol: User, dave: User, chat: str, body: dict[str, Any]
) -> None:
    for user in (carol, dave):
        answers = [send(user, one, **body) for one in (chat, "1", "nope", "9" * 30)]
        assert {answer.status_code for answer in answers} == {404}
        # A stranger's chat and one that never was look alike.
        assert len({answer.content for answer in answers}) == 1


def test_broken_json_of_a_stranger_is_not_found_either(carol: User, chat: str) -> None:
    path = f"{API}{chat}/messages/"
    assert as_(carol).generic("POST", path, "{", "application/json").status_code == 404
    assert as_(carol).generic("POST", path, "a=b", "text/plain").status_code == 404
    huge = '{"text": "' + "x" * 300_000
    assert as_(carol).generic("POST", path, huge, "application/json").status_code == 404


def test_refusals_carry_no_trace_of_earlier_ones(alice: User, chat: str) -> None:
    """An exception that were shared would keep every frame that ever raised it."""
    lengths = []
    for _ in range(3):
        with pytest.raises(NotFound) as refusal:
            post(alice, "1")
        lengths.append(len(refusal.traceback))
    assert lengths[0] == lengths[-1]


@pytest.mark.django_db(transaction=True)
def test_forty_sends_of_one_client_id_make_one_message(alice: User, chat: str) -> None:
    answers = at_once([partial(post, alice, chat, "hello", "a")] * 40)
    assert {answer.seq for answer in answers} == {1}
    assert sorted(answer.is_repeat for answer in answers) == [False] + [True] * 39
    assert seqs_of(chat) == [1]


@pytest.mark.django_db(transaction=True)
def test_of_different_contents_under_one_client_id_one_stands(alice: User, chat: str) -> None:
    answers = at_once([partial(post, alice, chat, f"text {n % 4}", "a") for n in range(12)])
    kept = Message.objects.get(chat_id=chat)
    for n, answer in enumerate(answers):
        if f"text {n % 4}" == kept.text:
            assert answer.seq == 1
        else:
            assert isinstance(answer, Conflict)


@pytest.mark.django_db(transaction=True)
def test_places_have_no_holes_under_parallel_senders(
    alice: User, bob: User, chat: str, settings: Any
) -> None:
    settings.RATE_LIMITS = False

    def send_many(sender: User, thread: int) -> list[int]:
        return [post(sender, chat, f"{thread} {n}", f"t{thread}-{n}").seq for n in range(25)]

    acts = [partial(send_many, (alice, bob)[thread % 2], thread) for thread in range(8)]
    answers = at_once(acts)
    # Each sender's order is kept, and all of them fill 1, 2, 3 …
    assert all(answer == sorted(answer) for answer in answers)
    assert sorted(seq for answer in answers for seq in answer) == list(range(1, 201))
    assert seqs_of(chat) == list(range(1, 201))
    assert head_of(alice, chat) == 200


@pytest.mark.django_db(transaction=True)
def test_of_a_send_and_the_end_of_the_connection_one_is_first(alice: User, bob: User) -> None:
    chat = make_chat(alice, bob)
    for _ in range(6):
        before = seqs_of(chat)
        sent, _ = at_once(
            [
                partial(post, alice, chat),
                partial(remove_connection, user_id=bob.pk, other_id=alice.pk),
            ]
        )
        if isinstance(sent, AppError):
            assert isinstance(sent, Forbidden)
            assert seqs_of(chat) == before
        else:
            assert seqs_of(chat) == [*before, sent.seq]
        connect(bob, alice)
