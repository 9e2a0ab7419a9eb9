"""Messages that disappear: for readers in the second they expire, for good with the purge."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from io import StringIO
from ipaddress import ip_network
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import User
from chat.actions.attachments import media_processed
from chat.actions.edits import edit_message
from chat.actions.expiry import expire_messages
from chat.actions.previews import key_of, make_preview
from chat.actions.reactions import react
from chat.models import Chat, Edit, Message, Reaction, Star
from chat.tests.acts import API, fill, head_of, mark, names, post, sync_once
from chat.tests.test_attachment_races import a_file
from chat.tests.test_visibility import opened, wait_until_blocked
from connections.tests.acts import as_, at_once
from core.clock import now
from core.tests.site import html, says, serving
from media.tests.conftest import empty_directory
from realtime.tests.published import Published

__all__ = ["empty_directory"]

HOUR = timedelta(hours=1)


def get(user: User, path: str) -> Any:
    """The answer of a GET, or its status."""
    answer = as_(user).get(f"{API}{path}")
    return answer.json() if answer.status_code == 200 else answer.status_code


def expire(chat: str, *seqs: int) -> None:
    """Their time has come."""
    Message.objects.filter(chat_id=chat, seq__in=seqs).update(expires_at=now() - HOUR)


@pytest.fixture
def disappearing(alice: User, bob: User, chat: str) -> str:
    """Bob's messages 1 to 3, which live an hour: plain, a mention, one that is reacted to; 4 stays
    and quotes the second; 5 is the reaction; 6 an edit of the first.
    """
    Chat.objects.filter(pk=chat).update(disappear_after=3600)
    post(bob, chat, "canary")
    post(bob, chat, "canary mentions", mentions=[str(alice.pk)])
    post(bob, chat, "canary is liked")
    Chat.objects.filter(pk=chat).update(disappear_after=None)
    post(bob, chat, "stays", "stays", reply_to=2)
    react(alice.pk, chat, 3, "👍")
    edit_message(bob.pk, chat, 1, "canary edited")
    Star.objects.create(chat_id=chat, seq=1, user=alice)
    return chat


def seen_by(user: User, chat: str) -> dict[str, Any]:
    """All that a client can find out about the chat."""
    acts: dict[str, Callable[[str], Any]] = {
        "react": lambda one: as_(user).put(f"{one}reaction/", {"emoji": "👍"}, format="json"),
        "edit": lambda one: as_(user).patch(one, {"text": "x"}, format="json"),
        "delete": lambda one: as_(user).delete(f"{one}?for=me"),
        "delete for all": lambda one: as_(user).delete(f"{one}?for=everyone"),
        "status": lambda one: as_(user).get(f"{one}status/"),
        "read": lambda one: as_(user).get(one),
    }
    reply = {"client_id": "reply", "text": "so", "reply_to": 1}
    found = {
        "list": get(user, "")["results"],
        "chat": get(user, f"{chat}/"),
        "newest": get(user, f"{chat}/messages/"),
        "after": get(user, f"{chat}/messages/?after=0&limit=1"),
        "before": get(user, f"{chat}/messages/?before=4"),
        "around": get(user, f"{chat}/messages/?around=2"),
        "reply": as_(user).post(f"{API}{chat}/messages/", reply, format="json").json(),
        "sync": [
            (event["event"], event["data"])
            for event in sync_once(user, heads={chat: 0}, position=10**6)["events"]
        ],
    }
    for name, act in acts.items():
        found[name] = [act(f"{API}{chat}/messages/{seq}/").json() for seq in (1, 2, 3)]
    return found


@pytest.mark.django_db(transaction=True)
def test_nobody_sees_an_expired_message_anywhere(
    alice: User, bob: User, disappearing: str, published: Published
) -> None:
    chat = disappearing
    shown = get(alice, f"{chat}/")
    assert (shown["unread"], shown["mentions"]) == (4, 1)
    lives = [one["expires_at"] is not None for one in get(alice, f"{chat}/messages/")["results"]]
    assert lives == [True, True, True, False]
    assert get(alice, f"{chat}/messages/")["results"][3]["reply_to"]["text"] == "canary mentions"
    expire(chat, 1, 2, 3)
    published.take()
    found = {user.pk: seen_by(user, chat) for user in (alice, bob)}
    for each in found.values():
        assert "canary" not in str(each).replace("canary mentions", "") and "canary" not in str(
            each
        )
        (listed,) = each["list"]
        assert listed == each["chat"] and listed["last_message"]["seq"] == 4
        (last,) = each["newest"]["results"]
        assert last["reply_to"] == {
            "seq": 2, "sender": str(bob.pk), "kind": "text", "text": None
        }  # fmt: skip
        assert each["newest"]["has_more_before"] is False
        assert each["before"]["results"] == [] and each["after"]["results"] == [last]
        assert each["around"]["results"] == [last]
        assert [event for event, _ in each["sync"]] == ["chat:receive"]
        for name in ("react", "edit", "delete", "delete for all", "status", "read"):
            codes = [one["error"]["code"] for one in each[name]]
            assert codes == ["message_not_found"] * 3, name
        assert each["reply"]["error"]["code"] == "message_not_found"
    assert (found[alice.pk]["chat"]["unread"], found[alice.pk]["chat"]["mentions"]) == (1, 0)
    assert published.take() == []
    # The purge changes nothing for anybody, and nobody hears of it.
    head = head_of(alice, chat)
    out = StringIO()
    call_command("expire", dry_run=True, stdout=out)
    assert "disappeared messages: 3" in out.getvalue()
    assert Message.objects.filter(chat_id=chat, text="").count() == 0
    call_command("expire", stdout=out)
    assert expire_messages(now()) == 0
    assert {user.pk: seen_by(user, chat) for user in (alice, bob)} == found
    assert published.take() == [] and head_of(alice, chat) == head
    assert "canary" not in str(list(Message.objects.values())) + str(list(Edit.objects.values()))
    assert not Reaction.objects.exists() and not Star.objects.exists()
    emptied = Message.objects.get(chat_id=chat, seq=1)
    assert emptied.sender == bob and emptied.deleted_at is not None
    mark(alice, chat, "seen", 6)
    assert get(alice, f"{chat}/")["unread"] == 0


@pytest.mark.django_db(transaction=True)
def test_the_place_and_the_client_id_outlive_it(bob: User, chat: str) -> None:
    Chat.objects.filter(pk=chat).update(disappear_after=1)
    body = {"client_id": "once", "text": "gone soon"}
    first = as_(bob).post(f"{API}{chat}/messages/", body, format="json").json()
    expire(chat, 1)
    for _ in range(2):
        # Who did not hear the answer is told that it was sent.
        answer = as_(bob).post(f"{API}{chat}/messages/", body, format="json")
        assert answer.status_code == 200
        assert (answer.json()["id"], answer.json()["text"]) == (first["id"], "gone soon")
        expire_messages(now())
    assert post(bob, chat).seq == 2
    synced = sync_once(bob, heads={chat: 0}, position=10**6)
    assert names(synced["events"]) == ["chat:receive"] and synced["heads"] == {chat: 2}


def test_the_purge_goes_in_batches_by_its_index(bob: User, chat: str, settings: Any) -> None:
    settings.EXPIRE_BATCH_ROWS = 3
    fill(chat, bob, 10)
    expire(chat, *range(1, 9))
    assert expire_messages(now(), dry_run=True) == 8
    assert expire_messages(now()) == 8
    texts = Message.objects.filter(chat_id=chat).order_by("seq").values_list("text", flat=True)
    assert list(texts) == [""] * 8 + ["message 9", "message 10"]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        due = Message.objects.filter(expires_at__lte=now(), deleted_at=None).order_by("expires_at")
        assert "chat_message_expires" in due[:3].explain()


@pytest.mark.django_db(transaction=True)
def test_the_purge_waits_for_who_is_just_editing(bob: User, chat: str) -> None:
    """Or the text would be put back, and never be found again."""
    Chat.objects.filter(pk=chat).update(disappear_after=3600)
    post(bob, chat, "canary")
    later = now() + 2 * HOUR
    edit = partial(edit_message, bob.pk, chat, 1, "canary again")
    purge = partial(expire_messages, later)
    with opened(edit, purge) as (editing, purging):
        wait_until_blocked(purging, editing)
        editing.finish()
        assert purging.finish() == 1
    assert "canary" not in str(list(Message.objects.values())) + str(list(Edit.objects.values()))
    assert at_once([purge] * 3) == [0, 0, 0]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_told_of_what_has_expired_and_still_waits_for_the_purge(
    alice: User, bob: User, chat: str, published: Published, settings: Any
) -> None:
    settings.FETCH_ALLOWED_NETWORKS = [ip_network("127.0.0.1/32")]
    settings.FETCH_PORTS = range(1, 65536)
    with serving(says(html(b"<title>A page</title>"))) as site:
        link = site.url("/canary")
        post(alice, chat, link)
        post(alice, chat, "canary", attachments=(str(a_file(alice).pk),))
        expire(chat, 1, 2)
        published.take()
        make_preview(int(chat), 1, key_of(link))
        media_processed(Message.objects.get(chat_id=chat, seq=2).attachments or [])
    assert published.take() == [] and head_of(bob, chat) == 2
