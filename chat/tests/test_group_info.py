"""Changing what all members of a chat share."""

from typing import Any

import pytest

from accounts.models import User
from chat.actions.members import set_role
from chat.models import Chat, Membership
from chat.tests.acts import API, post, sync_once
from chat.tests.group_acts import code_of
from connections.actions.people import remove_connection
from connections.tests.acts import as_
from realtime.tests.published import Published

#: What is sent, and what the system message says.
CHANGES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"name": " Runs "}, {"action": "renamed", "name": "Runs"}),
    ({"description": "Fast\nones"}, {"action": "described"}),
    ({"permissions": {"post": "admins"}},
     {"action": "permissions", "permissions": {"post": "admins"}}),
    ({"disappear_after": 3600}, {"action": "disappear", "seconds": 3600}),
]  # fmt: skip


def change(caller: User, chat: str, **body: Any) -> Any:
    """Over HTTP."""
    return as_(caller).patch(f"{API}{chat}/", body, format="json")


@pytest.mark.django_db(transaction=True)
def test_each_change_is_a_system_message_and_told_to_all(
    alice: User, bob: User, group: str, published: Published
) -> None:
    published.take()
    for body, said in CHANGES:
        answer = change(alice, group, **body)
        assert answer.status_code == 200
        pushes = published.take()
        assert [push.event for push in pushes] == ["chat:receive", "chat:updated"]
        assert all(push.audience and push.audience.id == int(group) for push in pushes)
        content = pushes[0].data["message"]["content"]
        assert content == {"by": str(alice.pk), "users": [], **said}
        now = {name: answer.json()[name] for name in pushes[1].data["chat"]}
        assert pushes[1].data["chat"] == pushes[0].data["chat"] == now
        assert change(alice, group, **body).status_code == 200  # as it is already
        assert published.take() == []
    mine = change(bob, group, name="x" * 100, description="", disappear_after=None).json()
    assert (mine["name"], mine["disappear_after"], mine["head"]) == ("x" * 100, None, 8)
    assert mine["permissions"] == {
        "post": "admins", "edit_info": "all", "invite": "admins", "history": "joined"
    }  # fmt: skip
    # A device that was away learns how the group is now, at its end.
    events = sync_once(bob, heads={group: 4})["events"]
    assert [one["event"] for one in events if "position" not in one["data"]] == [
        *["chat:receive"] * 4, "chat:updated"
    ]  # fmt: skip
    assert events[-1]["data"]["chat"]["name"] == "x" * 100
    for head in (0, 10**6):  # too far behind or ahead, and told all the same
        Chat.objects.filter(pk=group).update(head=5000)
        answer = sync_once(bob, heads={group: head})
        assert answer["reset"] == [group]
        assert answer["events"][-1]["data"]["chat"]["name"] == "x" * 100


def test_who_may_change_what(alice: User, bob: User, carol: User, erin: User, group: str) -> None:
    Membership.objects.create(chat_id=group, user=erin, role="admin")
    info: list[dict[str, Any]] = [{"name": "a"}, {"description": "a"}, {"disappear_after": 60}]
    permissions = {"permissions": {"edit_info": "admins"}}
    for body in (*info, permissions):
        assert code_of(change(carol, group, **body)) == (404, "chat_not_found")
    for body in info:
        assert change(bob, group, **body).status_code == 200
    assert code_of(change(bob, group, **permissions)) == (403, "admins_only")
    assert change(erin, group, **permissions).status_code == 200
    for body in info:
        assert code_of(change(bob, group, **body)) == (403, "admins_only")
        for admin in (erin, alice):
            assert change(admin, group, **body).status_code == 200
    set_role(alice.pk, group, str(erin.pk), Membership.Role.MEMBER)
    assert code_of(change(erin, group, name="b")) == (403, "admins_only")


def test_odd_changes_are_refused(alice: User, carol: User, group: str) -> None:
    odd: list[dict[str, Any]] = [
        {"name": ""}, {"name": "\u200b"}, {"name": 1}, {"description": "x" * 513},
        {"permissions": {"post": "nobody"}}, {"permissions": "all"}, {"disappear_after": 4},
        {"disappear_after": 10**9}, {"disappear_after": 1.5}, {"disappear_after": True},
    ]  # fmt: skip
    for body in odd:
        assert code_of(change(alice, group, **body)) == (400, "invalid")
        assert code_of(change(carol, group, **body)) == (404, "chat_not_found")
    assert Chat.objects.get(pk=group).head == 1


@pytest.mark.django_db(transaction=True)
def test_disappearing_messages_of_a_direct_chat_are_up_to_both(
    alice: User, bob: User, chat: str, published: Published
) -> None:
    published.take()
    answer = change(bob, chat, disappear_after=60)
    assert (answer.status_code, answer.json()["name"]) == (200, "Alice")
    receive, updated = published.take()
    assert receive.to == updated.to == {alice.pk, bob.pk}
    content = {"action": "disappear", "by": str(bob.pk), "users": [], "seconds": 60}
    assert receive.data["message"]["content"] == content
    # Each calls it by the other's name: a push to both says none.
    assert updated.data["chat"]["disappear_after"] == 60
    assert updated.data["chat"].keys().isdisjoint({"name", "avatar_url", "peer", "me"})
    *_, event = sync_once(alice, heads={chat: 0})["events"]
    assert event == {"event": "chat:updated", "data": updated.data}
    post(alice, chat)
    assert as_(bob).get(f"{API}{chat}/messages/2/status/").status_code == 404  # not bob's
    assert as_(bob).get(f"{API}{chat}/messages/").json()["results"][-1]["expires_at"] is not None
    assert change(alice, chat, disappear_after=None).status_code == 200
    for body in ({"name": "Us"}, {"description": "Us"}, {"permissions": {"post": "all"}}):
        assert code_of(change(alice, chat, **body)) == (400, "not_a_group")
    remove_connection(user_id=alice.pk, other_id=bob.pk)
    assert code_of(change(alice, chat, disappear_after=60)) == (403, "chat_closed")
