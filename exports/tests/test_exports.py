"""People get all of what is theirs, and nothing else; nobody else gets it."""

import errno
import json
import os
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.test import Client, TestCase
from pytest_django import Settings

from accounts import export as registry
from accounts.erasure import erase
from accounts.export import Lines, register_section
from accounts.models import User
from chat.actions.removals import delete_for_everyone, delete_for_me
from chat.actions.stars import star
from chat.models import Membership, Message
from chat.tests.acts import bare_group, make_chat, make_poll, post
from connections.tests.acts import at_once
from core.clock import now
from exports import archive
from exports.actions import expire_exports, make_export, start_export
from exports.models import Export
from media.tests.acts import Uploader, content_of
from media.tests.samples import jpeg
from notifications.actions.notices import notify
from realtime.tests.published import Published

pytestmark = pytest.mark.django_db

PATH = "/api/v1/users/me/export/"


def ask(person: Uploader, status: int = 202) -> dict[str, Any]:
    """Asks for an export."""
    answer = person.call("POST", PATH)
    assert answer.status_code == status, answer.content
    asked: dict[str, Any] = answer.json()
    return asked


def work(export: dict[str, Any]) -> None:
    """What the worker does."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        make_export(export_id=int(export["id"]))


def newest(person: Uploader) -> dict[str, Any]:
    """The export as the person sees it."""
    answer = person.get(PATH)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def files() -> list[str]:
    """What lies on the disk."""
    return sorted(path.name for path in Path(settings.EXPORTS_DIR).glob("*"))


def opened(person: Uploader) -> ZipFile:
    """The archive of an export that was asked for and made."""
    work(ask(person))
    answer = person.get(newest(person)["url"])
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith('attachment; filename="export-')
    return ZipFile(BytesIO(content_of(answer)))


def rows(archive: ZipFile, name: str) -> list[Any]:
    """The objects of a file of lines."""
    return [json.loads(line) for line in archive.read(name).splitlines()]


def test_everything_of_the_person_is_in_it(alice: Uploader, bob: Uploader) -> None:
    User.objects.filter(pk=alice.user.pk).update(about="about me", email="alice@example.org")
    chat = make_chat(alice.user, bob.user)
    first = post(alice.user, chat, "first").seq
    post(bob.user, chat, "answer", reply_to=first)
    poll = make_poll(bob.user, chat)
    star(alice.user.pk, chat, first, True)
    alice.call("PUT", f"/api/v1/chats/{chat}/messages/{poll}/vote/", b'{"options": [1]}')
    alice.call("PATCH", f"/api/v1/chats/{chat}/me/", b'{"draft": "a draft"}')
    alice.call("POST", "/api/v1/statuses/", b'{"kind": "text", "text": "my day"}')
    body = {"client_id": "later", "text": "later", "send_at": (now() + timedelta(days=1))}
    alice.call("POST", f"/api/v1/chats/{chat}/messages/", json.dumps(body, default=str).encode())
    group = bare_group(alice.user, bob.user)
    post(alice.user, group, "in a group")
    left = bare_group(bob.user, alice.user)
    post(alice.user, left, "before I left")
    post(bob.user, left, "not hers any more")
    Membership.objects.filter(chat_id=left, user=alice.user).delete()
    invite = alice.call("POST", f"/api/v1/chats/{group}/invites/", b'{"max_uses": 3}').json()
    closed = bare_group(bob.user)
    code = bob.call("POST", f"/api/v1/chats/{closed}/invites/", b'{"approval": true}').json()
    alice.call("POST", "/api/v1/chats/join/", json.dumps({"token": code["token"]}).encode())
    notify([alice.user.pk], "connection_accepted", by=bob.user.pk)
    alice.call("PATCH", "/api/v1/notifications/settings/", b'{"reactions": false}')
    report = {"user": str(bob.user.pk), "reason": "other", "comment": "he shouts"}
    alice.call("POST", "/api/v1/reports/", json.dumps(report).encode())
    picture, note = alice.has(jpeg(), "me.jpg"), alice.has(b"a text", "../no te.txt")
    bob.has(b"of bob")

    found = opened(alice)
    assert found.testzip() is None
    (profile,) = rows(found, "profile.json")
    assert (profile["about"], profile["email"]) == ("about me", "alice@example.org")
    assert len(rows(found, "devices.jsonl")) == 1
    (contact,) = rows(found, "contacts.jsonl")
    assert contact["user"]["username"] == "bob"
    assert rows(found, "requests.jsonl")[0]["status"] == "accepted"
    chats = {row["id"]: row for row in rows(found, "chats.jsonl")}
    assert set(chats) == {chat, group}
    assert chats[chat]["me"]["draft"] == "a draft"
    messages = rows(found, f"chats/{chat}/messages.jsonl")
    assert [message["text"] for message in messages][:2] == ["first", "answer"]
    assert messages[0]["starred"] and messages[1]["reply_to"]["text"] == "first"
    assert [one["mine"] for one in messages[2]["content"]["votes"]] == [False, True]
    people = rows(found, f"chats/{chat}/people.jsonl")
    assert {one["username"]: one["role"] for one in people} == {"alice": "member", "bob": "member"}
    assert [row["text"] for row in rows(found, f"chats/{group}/messages.jsonl")] == ["in a group"]
    assert [row["text"] for row in rows(found, "messages-elsewhere.jsonl")] == ["before I left"]
    assert rows(found, "scheduled.jsonl")[0]["text"] == "later"
    assert rows(found, "statuses.jsonl")[0]["text"] == "my day"
    assert rows(found, "calls.jsonl") == []
    (made,) = rows(found, "invites.jsonl")
    assert (made["id"], made["chat"], made["max_uses"]) == (invite["id"], group, 3)
    (asked,) = rows(found, "join-requests.jsonl")
    assert (asked["chat"], asked["status"]) == (closed, "pending")
    assert rows(found, "notifications.jsonl")[-1]["kind"] == "connection_accepted"
    assert rows(found, "notifications-settings.json")[0]["reactions"] is False
    assert rows(found, "reports.jsonl")[0]["comment"] == "he shouts"
    assert [row["name"] for row in rows(found, "media.jsonl")] == ["me.jpg", "no te.txt"]
    assert found.read(f"media/{note['id']}-no te.txt") == b"a text"
    assert found.read(f"media/{picture['id']}-me.jpg") == content_of(alice.get(picture["url"]))
    names = set(found.namelist())
    assert not any(".." in name or name.startswith("/") for name in names)
    told = found.read("README.txt").decode()
    for name in names - {"README.txt"}:
        assert name.split("/")[0] in told, f"README.txt says nothing of {name}"
    everything = b"".join(found.read(name) for name in names)
    for strange in (b"not hers any more", b"of bob", invite["token"].encode()):
        assert strange not in everything


def test_what_the_person_may_not_see_is_not_in_it(alice: Uploader, bob: Uploader) -> None:
    chat = make_chat(alice.user, bob.user)
    texts = ("deleted", "hidden", "disappeared", "kept")
    places = {text: post(bob.user, chat, f"canary {text}").seq for text in texts}
    post(alice.user, chat, "an answer", reply_to=places["disappeared"])
    delete_for_everyone(bob.user.pk, chat, places["deleted"])
    delete_for_me(alice.user.pk, chat, places["hidden"])
    Message.objects.filter(seq=places["disappeared"]).update(expires_at=now())
    found = opened(alice)
    everything = b"".join(found.read(name) for name in found.namelist()).decode()
    assert "canary kept" in everything and "an answer" in everything
    for text in texts[:3]:
        assert f"canary {text}" not in everything


def test_a_long_history_comes_in_pages(
    alice: Uploader, bob: Uploader, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chat import export

    monkeypatch.setattr(export, "_MESSAGES", 2)
    chat = make_chat(alice.user, bob.user)
    for n in range(5):
        post(alice.user, chat, f"{n}")
    found = opened(alice)
    texts = [row["text"] for row in rows(found, f"chats/{chat}/messages.jsonl")]
    assert texts == ["0", "1", "2", "3", "4"]
    Membership.objects.filter(user=alice.user).delete()
    found = opened(alice)
    assert len(rows(found, "messages-elsewhere.jsonl")) == 5


def test_states_and_progress_are_told(alice: Uploader, published: Published) -> None:
    assert alice.get(PATH).status_code == 404
    asked = ask(alice)
    assert (asked["state"], asked["progress"], asked["url"]) == ("waiting", 0, None)
    assert ask(alice, 200)["id"] == asked["id"]
    published.take()
    work(asked)
    pushes = published.take("export:updated")
    assert all(push.to == {alice.user.pk} for push in pushes)
    states = [push.data["export"]["state"] for push in pushes]
    assert (states[0], states[-1]) == ("running", "ready")
    ready = newest(alice)
    assert ready == pushes[-1].data["export"]
    assert ready["progress"] == 1 and ready["size"] > 0 and ready["expires_at"]
    (name,) = files()
    path = Path(settings.EXPORTS_DIR, name)
    assert path.stat().st_size == ready["size"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    # The next one takes its place when it is ready, and not before.
    again = ask(alice)
    assert content_of(alice.get(ready["url"])).startswith(b"PK")
    work(again)
    assert alice.get(ready["url"]).status_code == 404
    assert files() == [f"{again['id']}.zip"]


def test_only_its_owner_opens_it(alice: Uploader, bob: Uploader) -> None:
    work(ask(alice))
    url = newest(alice)["url"]
    part = alice.get(url, Range="bytes=0-3")
    assert (part.status_code, content_of(part)) == (206, b"PK\x03\x04")
    assert alice.get(url, **{"If-None-Match": part["ETag"]}).status_code == 304
    assert part["Cache-Control"] == "private, no-cache"
    for person, path in ((bob, url), (alice, "/media/exports/1/x"), (alice, "/media/exports/x/x")):
        refused = person.get(path)
        assert refused.status_code == 404
        assert refused.json()["error"]["code"] == "export_not_found"
    browser = Client()
    assert browser.get(url).status_code == 401
    browser.cookies["media"] = alice.token
    assert content_of(browser.get(url)).startswith(b"PK")


def test_so_many_a_day(alice: Uploader, settings: Settings) -> None:
    settings.EXPORTS_PER_DAY = 2
    for _ in range(2):
        work(ask(alice))
    assert alice.call("POST", PATH).status_code == 429


@pytest.fixture
def failing() -> Iterator[list[Exception]]:
    """A section that raises what is put in."""
    raising: list[Exception] = []

    def parts(user_id: int) -> Iterator[Lines]:
        yield Lines("x.jsonl", [{"x": "y" * 1000}])
        if raising:
            raise raising[0]

    register_section(parts, "x.jsonl: nothing")
    yield raising
    registry.sections.pop()


def test_a_full_disk_is_told_and_does_not_count(
    alice: Uploader, settings: Settings, failing: list[Exception]
) -> None:
    settings.EXPORTS_PER_DAY = 1
    failing.append(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    work(ask(alice))
    failed = newest(alice)
    assert (failed["state"], failed["reason"], failed["url"]) == ("failed", "disk_full", None)
    assert "room" in failed["message"]
    assert files() == []
    failing.clear()
    work(ask(alice))
    assert newest(alice)["state"] == "ready"


def test_what_fails_again_and_again_is_given_up(alice: Uploader, failing: list[Exception]) -> None:
    failing.append(RuntimeError("broken"))
    asked = ask(alice)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            work(asked)
        assert newest(alice)["state"] == "running" and files() == []
    work(asked)
    assert (newest(alice)["state"], newest(alice)["reason"]) == ("failed", "failed")


def test_the_suspended_and_the_erased_get_nothing(
    alice: Uploader, bob: Uploader, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = archive.write

    def suspend(*args: Any) -> int:
        size = write(*args)
        User.objects.filter(pk=alice.user.pk).update(is_active=False)
        return size

    asked = ask(alice)
    monkeypatch.setattr(archive, "write", suspend)
    work(asked)
    assert Export.objects.get().state == "failed" and files() == []
    monkeypatch.undo()

    def erased(*args: Any) -> int:
        erase(bob.user.pk)
        return write(*args)

    asked = ask(bob)
    monkeypatch.setattr(archive, "write", erased)
    work(asked)
    assert not Export.objects.filter(user=bob.user).exists() and files() == []


def test_erasing_the_account_removes_it(alice: Uploader) -> None:
    work(ask(alice))
    assert len(files()) == 1
    assert alice.call("DELETE", "/api/v1/users/me/").status_code == 204
    assert not Export.objects.exists() and files() == []


def test_its_time_runs_out(alice: Uploader, bob: Uploader) -> None:
    work(ask(alice))
    url = newest(alice)["url"]
    lost = ask(bob)
    assert expire_exports(now()) == 0
    left = Path(settings.EXPORTS_DIR, "17.abc.part")
    left.write_bytes(b"left")
    os.utime(left, (0, 0))
    Export.objects.filter(user=alice.user).update(expires_at=now())
    assert alice.get(url).status_code == 404 and alice.get(PATH).status_code == 404
    Export.objects.filter(user=bob.user).update(created_at=now() - timedelta(days=2))
    assert expire_exports(now(), dry_run=True) == 2
    assert len(files()) == 2
    assert expire_exports(now()) == 2
    assert files() == [] and newest(bob)["state"] == "failed"
    work(lost)  # its job, at last
    assert files() == []


@pytest.mark.django_db(transaction=True)
def test_of_two_that_ask_at_once_one_is_made(alice: Uploader) -> None:
    answers = at_once([lambda: start_export(alice.user.pk)] * 2)
    assert sorted(is_new for _, is_new in answers) == [False, True]
    assert Export.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_finishes(alice: Uploader) -> None:
    export, _ = start_export(alice.user.pk)
    at_once([lambda: make_export(export_id=export.pk)] * 2)
    assert files() == [f"{export.pk}.zip"]
    assert ZipFile(Path(settings.EXPORTS_DIR, files()[0])).testzip() is None
