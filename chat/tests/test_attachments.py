"""Files of messages: who may attach what, what the others get, who opens it, and how it goes."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from chat.actions.clearing import clear_chat
from chat.actions.forwards import forward
from chat.actions.removals import delete_for_everyone, delete_for_me
from chat.models import Membership, Message
from chat.schemas.forwards import Forward, Source
from chat.tests.acts import API, bare_group, post, refusal, sync_once
from connections.tests.acts import as_
from core.clock import now
from core.errors import Invalid
from media.models import Hold, Medium
from media.tests.acts import Uploader, content_of, work
from media.tests.conftest import empty_directory
from media.tests.samples import jpeg, recording
from media.tests.test_access import stored
from realtime.tests.published import Published

__all__ = ["empty_directory"]

pytestmark = pytest.mark.django_db


def upload(user: User, content: bytes = b"text", name: str = "a.txt", **fields: str) -> str:
    """The id of a new medium, which the worker has not seen yet."""
    answer = Uploader(user).upload(content, name, **fields)
    assert answer.status_code == 201, answer.content
    found: str = answer.json()["id"]
    return found


def send(user: User, chat: str, *media: str, **body: Any) -> Any:
    """Sends files over HTTP."""
    body = {"client_id": f"file-{Message.objects.count()}", "attachments": list(media), **body}
    return as_(user).post(f"{API}{chat}/messages/", body, format="json")


def opens(user: User, medium: str) -> int:
    """What somebody gets who opens a file."""
    answer = Uploader(user).get(f"/media/{medium}/name")
    if answer.streaming:
        content_of(answer)  # reads the file to its end, which closes it
    status: int = answer.status_code
    return status


def pass_on(user: User, chat: str, seq: int, to: str) -> int:
    """Forwards a message; the seq of the new one."""
    wanted = Forward(from_=(Source(chat=chat, seq=seq),), to=(to,))
    return forward(user.pk, wanted)[0][0][1]


def states(message: Any) -> list[tuple[str, bool]]:
    """State of each file, and whether there is a URL."""
    return [(one["state"], one["url"] is not None) for one in message["attachments"]]


def history(user: User, chat: str) -> list[Any]:
    """The messages that somebody sees."""
    found: list[Any] = as_(user).get(f"{API}{chat}/messages/").json()["results"]
    return found


@pytest.mark.django_db(transaction=True)
def test_a_picture_goes_out_at_once_and_is_completed(
    alice: User, bob: User, carol: User, chat: str, published: Published
) -> None:
    picture = upload(alice, jpeg(), "sea.jpg")
    start = sync_once(bob)
    held = {name: start[name] for name in ("heads", "position", "marks", "epoch")}
    published.take()
    sent = send(alice, chat, picture, kind="image", text="the sea")
    assert sent.status_code == 201
    (push,) = published.take("chat:receive")
    assert push.to == {alice.pk, bob.pk}
    message = push.data["message"]
    assert (message["kind"], message["text"]) == ("image", "the sea")
    assert states(message) == states(sent.json()) == [("processing", False)]
    assert opens(bob, picture) == 404
    work()
    (update,) = published.take("message:updated")
    assert (update.data["change"], update.data["by"], update.data["seq"]) == ("media", None, 2)
    assert states(update.data["message"]) == [("ready", True)]
    assert (opens(bob, picture), opens(alice, picture), opens(carol, picture)) == (200, 200, 404)
    # History, the list and sync tell the same.
    ready = update.data["message"]["attachments"]
    assert history(bob, chat)[0]["attachments"] == ready
    (listed,) = as_(bob).get(API).json()["results"]
    assert listed["last_message"]["attachments"] == ready
    first, second = sync_once(bob, **held)["events"]
    assert first["data"]["message"]["attachments"] == ready and first["event"] == "chat:receive"
    assert (second["event"], second["data"]["change"]) == ("message:updated", "media")
    # A thumbnail too, and the medium itself.
    assert opens(bob, f"{picture}/thumbnail") == 200
    assert Uploader(bob).medium(picture) == ready[0]


def test_what_cannot_be_decoded_is_told_too(alice: User, chat: str, published: Published) -> None:
    broken = upload(alice, jpeg()[:300])
    post(alice, chat, "", attachments=(broken,))
    published.take()
    work()
    (update,) = published.take("message:updated")
    assert states(update.data["message"]) == [("rejected", False)]
    again = send(alice, chat, broken)
    assert refusal(again) == (400, "media_rejected")
    with pytest.raises(Invalid, match="cannot be shown"):
        pass_on(alice, chat, 1, chat)


def test_kinds(alice: User, chat: str) -> None:
    picture, film = upload(alice, jpeg()), upload(alice, recording())
    song, note = (
        upload(alice, recording("ogg", "", "libopus")),
        upload(alice, recording("ogg", "", "libopus"), kind="voice"),
    )
    text = upload(alice)
    fits: list[tuple[str | None, tuple[str, ...], str]] = [
        (None, (picture,), "image"),
        (None, (film, picture), "video"),
        (None, (song,), "audio"),
        (None, (note,), "voice"),
        (None, (text,), "file"),
        (None, (text, picture), "file"),
        ("image", (film, picture), "image"),
        ("voice", (song,), "voice"),
        ("audio", (note,), "audio"),
        ("file", (picture, text, song), "file"),
    ]
    for kind, media, expected in fits:
        sent = send(alice, chat, *media, **({} if kind is None else {"kind": kind}))
        assert (sent.status_code, sent.json().get("kind")) == (201, expected), (kind, expected)
        assert [one["id"] for one in sent.json()["attachments"]] == list(media)
    for kind, media in (
        ("image", (film,)),
        ("image", (picture, text)),
        ("video", (picture,)),
        ("voice", (picture,)),
        ("audio", (song, picture)),
    ):
        assert refusal(send(alice, chat, *media, kind=kind)) == (400, "media_kind"), kind


def test_bad_attachments_are_refused(alice: User, bob: User, carol: User, chat: str) -> None:
    mine, theirs = upload(alice), upload(bob)
    for wrong in ((theirs,), (mine, theirs), ("1",), ("x",), ("",), ("9" * 30,)):
        assert refusal(send(alice, chat, *wrong)) == (404, "media_not_found"), wrong
    many = [upload(alice, b"%d" % n) for n in range(11)]
    place = {"lat": 1, "lon": 2}
    bad: list[tuple[list[Any], dict[str, Any]]] = [
        (many, {}),
        ([mine, mine], {}),
        ([], {"kind": "image"}),
        ([], {"kind": "file", "text": "caption"}),
        ([mine], {"kind": "location", "content": place}),
        ([mine], {"content": place}),
        ([mine], {"kind": "smoke"}),
        ([1], {}),
        ([], {"text": " "}),
    ]
    for media, more in bad:
        assert refusal(send(alice, chat, *media, **more)) == (400, "invalid"), (media, more)
        # A stranger hears no more than that there is no such chat.
        assert refusal(send(carol, chat, *media, **more)) == (404, "chat_not_found")
    assert refusal(send(carol, chat, upload(carol))) == (404, "chat_not_found")
    assert not Message.objects.exists() and not Hold.objects.exists()
    assert send(alice, chat, *many[:10]).status_code == 201


def test_who_may_not_see_the_message_may_not_open_it(alice: User, bob: User, carol: User) -> None:
    group = bare_group(alice, bob, carol)
    medium = upload(alice)
    seq = post(alice, group, "", attachments=(medium,)).seq
    assert opens(bob, medium) == opens(carol, medium) == 200
    delete_for_me(bob.pk, group, seq)
    assert (opens(bob, medium), opens(carol, medium)) == (404, 200)
    clear_chat(carol.pk, group)
    assert opens(carol, medium) == 404
    late = post(alice, group, "", attachments=(medium,)).seq
    assert opens(bob, medium) == opens(carol, medium) == 200
    Message.objects.filter(seq=late).update(expires_at=now() - timedelta(hours=1))
    assert opens(bob, medium) == opens(carol, medium) == 404
    Message.objects.filter(seq=late).update(expires_at=None)
    Membership.objects.filter(chat_id=group, user=carol).delete()
    assert (opens(bob, medium), opens(carol, medium)) == (200, 404)


def test_what_is_deleted_for_everyone_takes_its_files_along(
    alice: User, bob: User, chat: str, published: Published,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    one, two = upload(alice, b"one"), upload(alice, b"two")
    seq = post(alice, chat, "both", attachments=(one, two)).seq
    other = post(alice, chat, "", attachments=(two,)).seq
    assert refusal(Uploader(alice).delete(f"/api/v1/media/{one}/")) == (409, "media_in_use")
    published.take()
    with django_capture_on_commit_callbacks(execute=True):
        delete_for_everyone(alice.pk, chat, seq)
    (update,) = published.take("message:updated")
    assert update.data["message"]["attachments"] == []
    assert history(bob, chat)[0]["attachments"] == []
    work()
    assert (opens(bob, one), opens(alice, one), opens(bob, two)) == (404, 404, 200)
    assert len(stored()) == 1
    delete_for_everyone(alice.pk, chat, other)
    work()
    assert stored() == set() and not Medium.objects.exists()
