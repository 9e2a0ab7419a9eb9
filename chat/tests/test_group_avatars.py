"""Pictures of groups: who may change them, who sees them, and what happens while one is decoded."""

from typing import Any

import pytest

from accounts.erasure import erase
from accounts.models import User
from accounts.tests.acts import clear_erased
from chat.actions.attachments import tell_avatar_gone
from chat.actions.members import set_role
from chat.models import Chat, Membership, Message
from chat.tests.acts import API, refusal, sync_once
from connections.tests.acts import as_
from media.models import Hold, Medium
from media.tests.acts import Uploader, work
from media.tests.conftest import empty_directory
from media.tests.samples import jpeg
from media.tests.test_access import stored
from realtime.tests.published import Published

__all__ = ["empty_directory"]

pytestmark = pytest.mark.django_db(transaction=True)


def set_picture(user: User, group: str, content: bytes) -> Any:
    """Over HTTP."""
    return Uploader(user).upload(content, path=f"{API}{group}/avatar/")


def shown(user: User, group: str) -> tuple[str | None, int | None]:
    """The picture that somebody sees, and what they get who open it."""
    path = as_(user).get(f"{API}{group}/").json()["avatar_url"]
    return path, None if path is None else opened(user, path)


def opened(user: User, path: str) -> int:
    """The status of opening a picture."""
    answer = Uploader(user).get(path)
    if answer.streaming:
        answer.getvalue()  # reads the file to its end, which closes it
    status: int = answer.status_code
    return status


def said(group: str) -> list[Any]:
    """Who has changed the picture, by the system messages."""
    told = Message.objects.filter(chat_id=group, content__action="avatar").order_by("seq")
    return [(row.content or {})["by"] for row in told]


def test_a_picture_is_seen_by_the_members_alone(
    alice: User, bob: User, carol: User, group: str, published: Published
) -> None:
    start = sync_once(alice)
    held = {name: start[name] for name in ("heads", "position", "marks", "epoch")}
    published.take()
    answer = set_picture(bob, group, jpeg())
    assert answer.status_code == 201
    path = answer.json()["avatar_url"]
    message, changed = published.take("chat:receive", "chat:updated")
    by_bob = {"action": "avatar", "by": str(bob.pk), "users": []}
    assert message.data["message"]["content"] == by_bob
    assert changed.data["chat"]["avatar_url"] == message.data["chat"]["avatar_url"] == path
    assert shown(alice, group) == (path, 404)  # not yet
    work()
    assert [push.event for push in published.take("chat:updated")] == ["chat:updated"]
    assert shown(alice, group) == shown(bob, group) == (path, 200)
    assert opened(carol, path) == 404
    assert [chat["avatar_url"] for chat in as_(alice).get(API).json()["results"]] == [path]
    told = {one["event"]: one["data"] for one in sync_once(alice, **held)["events"]}
    assert told["chat:updated"]["chat"]["avatar_url"] == path
    Membership.objects.filter(chat_id=group, user=bob).delete()
    # It was bob's own file; who is no member any more, and never had it, sees nothing.
    Membership.objects.filter(chat_id=group, user=alice).delete()
    assert (opened(bob, path), opened(alice, path)) == (200, 404)


def test_another_takes_its_place_and_a_bad_one_does_not(alice: User, bob: User, group: str) -> None:
    first = set_picture(alice, group, jpeg()).json()["avatar_url"]
    work()
    second = set_picture(bob, group, jpeg(6)).json()["avatar_url"]
    assert Hold.objects.count() == 2
    work()
    assert shown(alice, group) == (second, 200) and opened(alice, first) == 404
    set_picture(alice, group, jpeg()[:300])
    work()
    assert shown(bob, group) == (second, 200)
    assert Medium.objects.count() == 1
    # Ready at once, as the same person has just uploaded it.
    third = set_picture(bob, group, jpeg(6)).json()["avatar_url"]
    assert shown(alice, group) == (third, 200)
    assert as_(alice).delete(f"{API}{group}/avatar/").status_code == 204
    work()
    assert shown(bob, group) == (None, None) and stored() == set()
    head = Chat.objects.get(pk=group).head
    assert as_(alice).delete(f"{API}{group}/avatar/").status_code == 204
    assert Chat.objects.get(pk=group).head == head
    a, b = str(alice.pk), str(bob.pk)
    assert said(group) == [a, b, a, None, b, a]


def test_who_may_not_change_it(alice: User, bob: User, carol: User, group: str, chat: str) -> None:
    for user, where, expected in (
        (carol, group, (404, "chat_not_found")),
        (alice, chat, (400, "not_a_group")),
    ):
        assert refusal(set_picture(user, where, jpeg())) == expected
        assert refusal(as_(user).delete(f"{API}{where}/avatar/")) == expected
    Chat.objects.filter(pk=group).update(edit_info="admins")
    assert refusal(set_picture(bob, group, jpeg())) == (403, "admins_only")
    assert refusal(as_(bob).delete(f"{API}{group}/avatar/")) == (403, "admins_only")
    assert not Medium.objects.exists()
    set_role(alice.pk, group, str(bob.pk), Membership.Role.ADMIN)
    assert set_picture(bob, group, jpeg()).status_code == 201
    assert refusal(set_picture(bob, group, b"no picture")) == (415, "media_type_mismatch")
    assert as_(alice).post(f"{API}{group}/avatar/").status_code == 400


def test_it_goes_with_whose_it_was(
    alice: User, bob: User, group: str, published: Published
) -> None:
    set_picture(bob, group, jpeg())
    work()
    erase(bob.pk)
    clear_erased()
    published.take()
    tell_avatar_gone(int(group))
    (changed,) = published.take("chat:updated")
    assert changed.data["chat"]["avatar_url"] is None
    assert shown(alice, group) == (None, None)
    tell_avatar_gone(int(group))  # jobs may run twice
    assert said(group) == [str(bob.pk), None]
