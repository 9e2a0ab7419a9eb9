"""A person's own side of a chat: settings, drafts, clearing, deleting."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client

from accounts.models import PersonalEvent, User
from chat.actions.mine import change_mine
from chat.heads import reader
from chat.models import Chat, Hidden, Membership, Star
from chat.schemas.chats import ChangeMine
from chat.tests.acts import API, head_of, make_chat, make_friends, mark, names, post, sync_once
from connections.tests.acts import as_, at_once, told
from core.clock import now, rfc3339
from core.errors import Conflict
from realtime.tests.published import Published


def patch(user: User, chat: str, **change: Any) -> Any:
    """Over HTTP."""
    return as_(user).patch(f"{API}{chat}/me/", change, format="json")


def shown(user: User, chat: str) -> Any:
    """The chat as the user sees it."""
    return as_(user).get(f"{API}{chat}/").json()


def listed(user: User, query: str = "") -> list[str]:
    """The ids in the user's list."""
    return [chat["id"] for chat in as_(user).get(f"{API}?{query}").json()["results"]]


def history(user: User, chat: str) -> list[int]:
    """The seqs of what the user sees."""
    page = as_(user).get(f"{API}{chat}/messages/").json()
    return [message["seq"] for message in page["results"]]


@pytest.mark.django_db(transaction=True)
def test_each_setting_changes_alone_and_tells_the_own_devices(
    alice: User, bob: User, chat: str, published: Published
) -> None:
    until = rfc3339(now() + timedelta(hours=8))
    changes: list[dict[str, Any]] = [
        {"muted_until": until},
        {"archived": True},
        {"pinned": True},
        {"marked_unread": True},
        {"draft": "see you at\n"},
    ]
    expected = {name: shown(alice, chat)["me"][name] for change in changes for name in change}
    for change in changes:
        published.take()
        answer = patch(alice, chat, **change)
        expected |= change
        assert answer.status_code == 200
        assert answer.json()["me"].items() >= expected.items()
        assert answer.json() == shown(alice, chat)
        (push,) = published.take()
        assert (push.event, push.to) == ("chat:updated", {alice.pk})
        assert push.data["chat"] == answer.json() and push.data["position"]
        assert patch(alice, chat, **change).json() == answer.json()
        assert published.take() == []  # nothing has changed
    # A log holds no texts and names nobody.
    assert told(alice)[-1] == ("chat:updated", {"chat": {"id": chat}})
    assert listed(alice) == [] and listed(alice, "archived=true&pinned=true") == [chat]
    assert shown(bob, chat)["me"]["draft"] is None and not shown(bob, chat)["me"]["pinned"]
    for change in ({"draft": None}, {"muted_until": None}):
        patch(alice, chat, **change)
    assert patch(alice, chat, draft="").json()["me"]["draft"] is None
    assert listed(alice, "archived=true&pinned=false") == []
    # A client that was away gets how it is now.
    events = [e for e in sync_once(alice)["events"] if e["event"] == "chat:updated"]
    assert len(events) == 7 and events[0]["data"]["chat"] == shown(alice, chat)


@pytest.mark.parametrize("at", ["2020-01-01T00:00:00Z", "0001-01-02T00:00:00+05:00"])
def test_a_mute_that_is_over_is_none(alice: User, chat: str, at: str) -> None:
    patch(alice, chat, muted_until=rfc3339(now() + timedelta(days=365)))
    assert patch(alice, chat, muted_until=at).json()["me"]["muted_until"] is None


@pytest.mark.parametrize(
    "change",
    [
        {"muted_until": "tomorrow"},
        {"muted_until": "2030-01-01T00:00:00"},
        {"muted_until": "0001-01-01T00:00:00+14:00"},
        {"muted_until": "9999-12-31T23:59:59-14:00"},
        {"muted_until": 5},
        {"archived": None},
        {"pinned": "yes"},
        {"marked_unread": 1},
        {"draft": "x" * 10_001},
        {"draft": 3},
    ],
    ids=str,
)
def test_odd_settings_are_refused(alice: User, carol: User, chat: str, change: Any) -> None:
    answer = patch(alice, chat, **change)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid")
    assert list(answer.json()["error"]["fields"]) == list(change)
    assert patch(carol, chat, **change).status_code == 404


def test_strangers_find_no_chat(carol: User, chat: str) -> None:
    client = as_(carol)
    answers = [patch(carol, chat, pinned=True), client.post(f"{API}{chat}/clear/")]
    answers += [client.delete(f"{API}{chat}/"), client.delete(f"{API}x/")]
    assert {answer.status_code for answer in answers} == {404}
    assert {answer.json()["error"]["code"] for answer in answers} == {"chat_not_found"}


@pytest.mark.django_db(transaction=True)
def test_of_two_that_pin_the_last_one_at_once_one_wins(alice: User, settings: Any) -> None:
    settings.PINNED_CHATS_MAX = 3
    chats = [make_chat(alice, friend) for friend in make_friends(alice, 4)]
    pin = ChangeMine(pinned=True)
    for chat in chats[:2]:
        change_mine(alice.pk, chat, pin)
    answers = at_once([partial(change_mine, alice.pk, chat, pin) for chat in chats[2:]])
    (refusal,) = [answer for answer in answers if isinstance(answer, Exception)]
    assert isinstance(refusal, Conflict) and refusal.code == "pinned_full"
    assert Membership.objects.filter(user=alice, pinned=True).count() == 3
    assert patch(alice, chats[0], pinned=True, draft="still").status_code == 200
    # One that is unpinned makes room.
    patch(alice, chats[0], pinned=False)
    assert all(patch(alice, chat, pinned=True).status_code == 200 for chat in chats[1:])


def test_seeing_something_new_takes_the_unread_mark_away(alice: User, bob: User, chat: str) -> None:
    post(bob, chat)
    for kind, seq, stays in (("delivered", 1, True), ("seen", 1, False)):
        patch(alice, chat, marked_unread=True)
        mark(alice, chat, kind, seq)  # type: ignore[arg-type]
        assert shown(alice, chat)["me"]["marked_unread"] is stays
    # Nothing new: whoever opens the chat takes it away with a setting.
    patch(alice, chat, marked_unread=True)
    mark(alice, chat, "seen", 1)
    assert shown(alice, chat)["me"]["marked_unread"] is True


@pytest.mark.django_db(transaction=True)
def test_a_cleared_chat_begins_anew_for_one_only(
    alice: User, bob: User, chat: str, published: Published
) -> None:
    for n in range(3):
        post(bob, chat, f"{n}")
    for kept in (Star, Hidden):
        kept._default_manager.create(chat_id=chat, seq=2, user=alice)
        kept._default_manager.create(chat_id=chat, seq=3, user=bob)
    patch(alice, chat, marked_unread=True, pinned=True, draft="so")
    start = sync_once(alice)
    published.take()
    answer = as_(alice).post(f"{API}{chat}/clear/")
    (push,) = published.take()
    assert (push.event, push.to) == ("chat:cleared", {alice.pk})
    place = {"chat": chat, "seq": 3, "hidden": False, "position": start["position"] + 1}
    assert push.data == place
    assert answer.status_code == 200 and answer.json() == shown(alice, chat)
    assert answer.json()["last_message"] is None
    assert (answer.json()["unread"], answer.json()["mentions"]) == (0, 0)
    me = answer.json()["me"]
    assert (me["marked_unread"], me["pinned"], me["draft"]) == (False, True, "so")
    assert history(alice, chat) == [] and history(bob, chat) == [1, 2]
    assert listed(alice) == [chat]
    assert as_(alice).get(f"{API}{chat}/messages/2/").status_code == 404
    assert not Star.objects.filter(user=alice).exists() and Star.objects.filter(user=bob).exists()
    # Again: there is nothing more to clear.
    as_(alice).post(f"{API}{chat}/clear/")
    post(bob, chat, "later")
    assert history(alice, chat) == [4] and shown(alice, chat)["unread"] == 1
    # A client that was away gets no old message, even if it held none of them.
    held = {name: start[name] for name in ("position", "marks", "epoch")}
    events = sync_once(alice, heads={chat: 0}, **held)["events"]
    assert names(events) == ["chat:cleared", "chat:updated", "chat:receive"]
    cleared, _, received = (event["data"] for event in events)
    assert cleared == place and received["message"]["seq"] == 4


@pytest.mark.django_db(transaction=True)
def test_a_deleted_chat_is_gone_until_a_message_follows(
    alice: User, bob: User, chat: str, published: Published
) -> None:
    post(bob, chat, "old")
    patch(alice, chat, pinned=True, archived=True, draft="so", marked_unread=True)
    for _ in range(2):
        assert as_(alice).delete(f"{API}{chat}/").status_code == 204
    assert [event for event, _ in told(alice)].count("chat:cleared") == 1
    me = shown(alice, chat)["me"]
    assert me["hidden"] is True and me["draft"] is None
    assert not me["pinned"] and not me["archived"] and not me["marked_unread"]
    fresh = sync_once(alice)
    place = {name: fresh[name] for name in ("position", "marks", "epoch")}
    for query in ("", "archived=true", "kind=direct"):
        assert listed(alice, query) == []
    assert listed(bob) == [chat]
    # What happens to what is gone does not bring it back, and is no news to anybody.
    as_(bob).delete(f"{API}{chat}/messages/1/?for=everyone")
    assert listed(alice) == [] and reader.call(alice.pk)["heads"] == {}
    assert reader.call(bob.pk)["heads"] == {chat: 2}
    assert "chat:new" not in names(fresh["events"]) and fresh["heads"] == {}
    assert sync_once(alice, heads={}, **place)["events"] == []
    # Who opens it again finds it, and it is the same.
    opened = as_(alice).post(API, {"kind": "direct", "user": str(bob.pk)}, format="json")
    assert (opened.status_code, opened.json()["id"]) == (200, chat) and listed(alice) == []
    post(bob, chat, "new")
    assert listed(alice) == [chat] and history(alice, chat) == [3]
    assert reader.call(alice.pk)["heads"] == {chat: 3}
    (new,) = sync_once(alice, heads={}, **place)["events"]
    assert (new["event"], new["data"]["chat"]["last_message"]["text"]) == ("chat:new", "new")
    (there,) = sync_once(alice, heads={chat: 1}, **place)["events"]
    assert there["event"] == "chat:receive"
    # With nothing to show it is gone again; cleared, it stays.
    Hidden.objects.create(chat_id=chat, seq=3, user=alice)
    assert listed(alice) == [] and sync_once(alice, heads={}, **place)["events"] == []
    as_(alice).post(f"{API}{chat}/clear/")
    assert listed(alice) == [chat] and shown(alice, chat)["me"]["hidden"] is False


def test_staff_see_no_drafts(alice: User, chat: str, client: Client) -> None:
    patch(alice, chat, draft="canary")
    client.force_login(User.objects.create_superuser("admin", "a very good password"))
    mine = Membership.objects.get(chat_id=chat, user=alice)
    page = client.get(f"/admin/chat/membership/{mine.pk}/change/")
    assert page.status_code == 200 and "canary" not in page.content.decode()


def test_a_group_has_to_be_left_first(alice: User) -> None:
    group = Chat.objects.create(kind="group", name="g", members_count=1)
    Membership.objects.create(chat=group, user=alice, role="owner")
    answer = as_(alice).delete(f"{API}{group.pk}/")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "group_not_left")
    assert as_(alice).post(f"{API}{group.pk}/clear/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_clearing_and_sending_at_once_loses_nothing(alice: User, bob: User, chat: str) -> None:
    client = as_(alice)
    acts = [partial(post, bob, chat, f"{n}") for n in range(6)]
    at_once([*acts, partial(client.post, f"{API}{chat}/clear/")])
    start = Membership.objects.get(chat_id=chat, user=alice).start
    assert history(alice, chat) == list(range(start + 1, head_of(alice, chat) + 1))
    cleared = PersonalEvent.objects.filter(user=alice, event="chat:cleared")
    assert [entry.data["seq"] for entry in cleared] == ([start] if start else [])
