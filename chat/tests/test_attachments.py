"""Files of messages: who may attach what, what the others get, who opens it, and how it goes."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.erasure import erase
from accounts.models import User
from accounts.tests.acts import clear_erased
from chat.actions.attachments import tell_files_gone
from chat.actions.clearing import clear_chat
from chat.actions.expiry import expire_scheduled
from chat.actions.forwards import forward
from chat.actions.removals import delete_for_everyone, delete_for_me
from chat.attachments import media_shown_to
from chat.ended_groups import clear_group
from chat.models import Chat, Membership, Message, Scheduled, SearchEntry
from chat.schemas.forwards import Forward, Source
from chat.search.indexer import index_new
from chat.tests.acts import API, bare_group, make_chat, path_of, post, refusal, sync_once
from chat.tests.group_acts import remove
from chat.tests.search_acts import found
from connections.tests.acts import as_, connect
from core.clock import now, rfc3339
from core.errors import Invalid, NotFound
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
    text, plain = upload(alice), upload(alice, jpeg(), kind="file")
    fits: list[tuple[str | None, tuple[str, ...], str]] = [
        (None, (picture,), "image"),
        (None, (film, picture), "video"),
        (None, (song,), "audio"),
        (None, (note,), "voice"),
        (None, (text,), "file"),
        (None, (text, picture), "file"),
        (None, (plain,), "file"),
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
        ("image", (plain,)),
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


def test_a_caption_is_edited_and_may_be_empty(alice: User, bob: User, chat: str) -> None:
    seq = post(alice, chat, "the sea http://example.com", attachments=(upload(alice, jpeg()),)).seq
    path = path_of(chat, seq)
    for text in ("the lake", ""):
        answer = as_(alice).patch(path, {"text": text}, format="json")
        assert (answer.status_code, answer.json()["text"]) == (200, text)
        assert len(answer.json()["attachments"]) == 1 and answer.json()["edited_at"]
    answering = post(bob, chat, "nice", reply_to=seq).seq
    quote = {"seq": seq, "sender": str(alice.pk), "kind": "image", "text": ""}
    assert history(alice, chat)[-1]["reply_to"] == quote
    note = upload(alice, recording("ogg", "", "libopus"), kind="voice")
    spoken = post(alice, chat, "", attachments=(note,)).seq
    for user, other, code in ((alice, spoken, "not_editable"), (bob, answering, "invalid")):
        answer = as_(user).patch(path_of(chat, other), {"text": ""}, format="json")
        assert refusal(answer) == (400, code)
    assert not ProcrastinateJob.objects.filter(task_name="chat.preview").exists()


def test_a_forwarded_file_outlives_the_original(
    alice: User, bob: User, carol: User, chat: str
) -> None:
    connect(bob, carol)
    other = make_chat(bob, carol)
    one, two = upload(alice, b"one"), upload(alice, b"two")
    seq = post(alice, chat, "look", attachments=(one, two)).seq
    assert opens(carol, one) == 404
    passed = pass_on(bob, chat, seq, other)
    (message,) = history(carol, other)
    assert (message["kind"], message["text"], message["forwarded"]) == ("file", "look", True)
    assert [file["id"] for file in message["attachments"]] == [one, two]
    assert opens(carol, one) == opens(carol, two) == 200
    # Seeing a file is not owning it: it goes on by forwarding alone.
    assert refusal(send(bob, chat, one)) == (404, "media_not_found")
    delete_for_everyone(alice.pk, chat, seq)
    work()
    assert (opens(carol, one), opens(bob, one)) == (200, 200)
    delete_for_everyone(bob.pk, other, passed)
    work()
    assert (opens(carol, one), opens(alice, one)) == (404, 404)
    assert stored() == set()


def test_a_repeat_is_the_same_message_whatever_has_become_of_the_file(
    alice: User, bob: User, chat: str
) -> None:
    song, other = upload(alice, recording("webm", "", "libopus")), upload(alice, b"other")
    first = send(alice, chat, song, client_id="same")
    assert (first.status_code, first.json()["kind"]) == (201, "video")  # as far as one can tell
    for _ in range(2):
        again = send(alice, chat, song, client_id="same")
        assert (again.status_code, again.json()["seq"]) == (200, 1)
        work()  # it turns out to be no film, but sound
    assert again.json()["attachments"][0]["kind"] == "audio"
    for media, more in (((other,), {}), ((song,), {"kind": "audio"}), ((song, other), {})):
        answer = send(alice, chat, *media, client_id="same", **more)
        assert refusal(answer) == (409, "client_id_reused")
    assert Hold.objects.count() == 1
    delete_for_everyone(alice.pk, chat, 1)
    work()
    gone = send(alice, chat, song, client_id="same")
    assert (gone.status_code, gone.json()["attachments"]) == (200, [])
    assert not Hold.objects.exists()


def test_what_waits_holds_its_files_and_hands_them_over(
    alice: User, bob: User, chat: str, group: str, published: Published
) -> None:
    later = rfc3339(now() + timedelta(hours=1))
    picture, text = upload(alice, jpeg()), upload(alice, b"text")
    waits = send(alice, chat, picture, send_at=later, text="sea")
    assert (waits.status_code, waits.json()["kind"]) == (201, "image")
    assert states(waits.json()) == [("processing", False)]
    published.take()
    work()
    (told,) = published.take("scheduled:updated")
    assert told.to == {alice.pk} and states(told.data["scheduled"]) == [("ready", True)]
    (listed,) = as_(alice).get(f"{API}{chat}/scheduled/").json()["results"]
    assert listed == told.data["scheduled"]
    assert refusal(Uploader(alice).delete(f"/api/v1/media/{picture}/")) == (409, "media_in_use")
    assert opens(bob, picture) == 404
    path = f"{API}{chat}/scheduled/{waits.json()['id']}/"
    assert as_(alice).patch(path, {"text": ""}, format="json").status_code == 200
    sent = as_(alice).post(f"{path}send/")
    assert (sent.status_code, states(sent.json())) == (201, [("ready", True)])
    assert (opens(bob, picture), set(Hold.objects.values_list("kind"))) == (200, {("message",)})
    # Taken back, left over, or of who has gone: then nothing holds them.
    for n in range(3):
        where = group if n == 2 else chat
        waits = send(alice, where, text, send_at=later, client_id=f"later{n}")
        assert Hold.objects.filter(kind="scheduled").exists()
        match n:
            case 0:
                path = f"{API}{chat}/scheduled/{waits.json()['id']}/"
                assert as_(alice).delete(path).status_code == 204
            case 1:
                Scheduled.objects.update(refused="chat_closed", send_at=now() - timedelta(days=99))
                assert expire_scheduled(now()) == 1
            case _:
                remove(alice, group, alice)
        assert not Hold.objects.filter(kind="scheduled").exists()
        text = upload(alice, b"%d" % n)
    assert refusal(send(alice, chat, "1", send_at=later)) == (404, "media_not_found")


@pytest.mark.django_db(transaction=True)
def test_files_go_with_their_owners_account(
    alice: User, bob: User, carol: User, chat: str, published: Published
) -> None:
    connect(bob, carol)
    other = make_chat(bob, carol)
    seq = post(alice, chat, "look", attachments=(upload(alice, name="notes.txt"),)).seq
    passed = pass_on(bob, chat, seq, other)
    file = history(carol, other)[0]["attachments"][0]["id"]
    assert found(carol, "notes") == ["look"]
    erase(alice.pk)
    # From this moment on, though a worker takes a while to delete it.
    assert opens(bob, file) == opens(carol, file) == 404
    assert history(carol, other)[0]["attachments"] == []
    clear_erased()
    published.take()
    (job,) = ProcrastinateJob.objects.filter(task_name="chat.files_gone")
    assert job.args == {"chat_id": int(other), "seqs": [passed]}
    tell_files_gone(**job.args)
    (update,) = published.take("message:updated")
    assert update.to == {bob.pk, carol.pk}
    assert (update.data["change"], update.data["message"]["attachments"]) == ("media", [])
    (message,) = history(carol, other)
    assert (message["text"], message["attachments"]) == ("look", [])
    assert (found(carol, "notes"), found(carol, "look")) == ([], ["look"])
    with pytest.raises(NotFound, match="file"):
        pass_on(carol, other, passed, other)
    work()
    assert stored() == set()


@pytest.mark.django_db(transaction=True)
def test_files_cost_no_queries(alice: User, bob: User, chat: str) -> None:
    client, uploader = as_(bob), Uploader(bob)

    def counts() -> list[int]:
        """The queries of the list, of a page of history, of sync, and of opening a file."""
        found = []
        for ask in (
            lambda: client.get(API),
            lambda: client.get(f"{API}{chat}/messages/"),
            lambda: sync_once(bob, heads={chat: 0}),
            lambda: uploader.get(f"/media/{files[0]}/name").getvalue(),
        ):
            with CaptureQueriesContext(connection) as queries:
                ask()
            found.append(len(queries))
        return found

    files = [upload(alice, b"%d" % n) for n in range(10)]
    post(alice, chat, "text")
    counts()  # what is asked once a process
    none = counts()[:3]
    send(alice, chat, files[0])
    few = counts()
    assert few[:3] == none
    for n in range(1, 10):
        post(alice, chat, "", attachments=tuple(files[: n + 1]))
    assert counts() == few
    with CaptureQueriesContext(connection) as queries:
        assert len(media_shown_to(bob.pk, [int(one) for one in files])) == 10
    assert len(queries) == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_kept_of_a_group_that_has_ended(alice: User, bob: User, settings: Any) -> None:
    settings.EXPIRE_BATCH_ROWS = 2
    group = bare_group(alice, bob)
    medium = upload(alice)
    assert Uploader(alice).upload(jpeg(), path=f"{API}{group}/avatar/").status_code == 201
    assert send(alice, group, medium).status_code == 201
    for text in ("one", "two", "three"):
        post(bob, group, f"canary {text}")
    index_new()
    assert SearchEntry.objects.exclude(keys=[]).exists()
    remove(bob, group, bob)
    assert not ProcrastinateJob.objects.filter(task_name="chat.clear_group").exists()
    remove(alice, group, alice)
    (job,) = ProcrastinateJob.objects.filter(task_name="chat.clear_group")
    for _ in range(2):  # a worker may be killed when it is done, and not say so
        clear_group(**job.args)
    rows = Message.objects.filter(chat_id=group)
    assert rows.count() >= 5 and not rows.exclude(text="", content=None, attachments=None).exists()
    assert not Hold.objects.exists() and not SearchEntry.objects.exclude(keys=[]).exists()
    gone = Chat.objects.get(pk=group)
    assert (gone.name, gone.description, gone.avatar_id) == ("", "", None)
