"""Files at the same moment: what is shown is held, and all hear how it ended, whoever is first."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from io import BytesIO
from itertools import count
from typing import Any

import pytest

from accounts.models import User
from chat.actions.forwards import forward
from chat.actions.group_avatars import drop_group_avatar, set_group_avatar
from chat.actions.removals import delete_for_everyone
from chat.actions.scheduled import cancel_scheduled, schedule_message, send_now
from chat.models import Chat, Message
from chat.schemas.forwards import Forward, Source
from chat.schemas.messages import SendMessage
from chat.tests.acts import bare_group, post
from chat.tests.client_model import Client
from chat.tests.test_races import assert_whole
from chat.tests.test_sync_law import check
from connections.tests.acts import at_once
from core.clock import now
from core.errors import AppError
from media.access import get_medium
from media.actions.media import delete_own
from media.actions.processing import give_up
from media.actions.uploads import Description, receive
from media.models import Hold, Medium, Purpose
from media.tests.conftest import empty_directory
from media.tests.samples import jpeg
from realtime.tests.published import Published

__all__ = ["empty_directory"]

pytestmark = pytest.mark.django_db(transaction=True)

_numbers = count()

Act = Callable[[], Any]


def a_file(user: User) -> Medium:
    """A new medium that is ready at once."""
    content = b"text %d" % next(_numbers)
    return receive(user.pk, BytesIO(content), len(content), Description("a.txt"))


def a_picture(user: User, purpose: Purpose = Purpose.PLAIN) -> Medium:
    """A new medium that is not decoded yet."""
    content = jpeg() + b"%d" % next(_numbers)
    return receive(user.pk, BytesIO(content), len(content), Description("a.jpg", purpose=purpose))


def decode() -> None:
    """The worker is done with all that waits; that it is rejected is the quickest end."""
    give_up(now() + timedelta(days=1))


def fails(answer: Any, *codes: str) -> bool:
    """Whether an act was refused, with one of the codes."""
    if not isinstance(answer, Exception):
        return False
    assert isinstance(answer, AppError) and answer.code in codes, answer
    return True


def last_told(published: Published, chat: str, seq: int) -> list[str]:
    """The states of a message's files by the last place of the log that tells of it."""
    told: dict[int, Any] = {}
    for push in published.pushes:
        if push.event in {"chat:receive", "message:updated"}:
            message = push.data["message"]
            if (message["chat"], message["seq"]) == (chat, seq):
                told[push.data.get("seq", seq)] = message
    return [file["state"] for file in told[max(told)]["attachments"]]


def test_decoding_ends_while_a_file_is_sent_or_passed_on(
    alice: User, bob: User, chat: str, published: Published
) -> None:
    group = bare_group(bob, alice)
    for number in range(8):
        medium = a_picture(alice)
        attached = (str(medium.pk),)
        if number % 2:
            seq = post(alice, chat, "", attachments=attached).seq
            source = Source(chat=chat, seq=seq)
            wanted = Forward(
                from_=(source,), to=(group, chat) if number % 4 == 1 else (chat, group)
            )
            acts: list[Act] = [decode, partial(forward, bob.pk, wanted)]
        else:
            acts = [decode, partial(post, alice, group, "", attachments=attached)]
        answers = at_once(acts[:: -1 if number > 3 else 1])
        for answer in answers:
            fails(answer, "media_rejected")
        shown = Message.objects.filter(attachments__contains=[medium.pk])
        for chat_id, seq in shown.values_list("chat_id", "seq"):
            assert last_told(published, str(chat_id), seq) == ["rejected"], number
        assert Hold.objects.filter(medium=medium).count() == shown.count()
    for one in (chat, group):
        assert_whole(one)


def test_decoding_ends_while_the_message_is_deleted(
    alice: User, bob: User, chat: str, published: Published
) -> None:
    group = bare_group(alice, bob)
    clients = [Client(user).start() for user in (alice, bob)]
    for number in range(6):
        medium = str(a_picture(alice).pk)
        seqs = [post(alice, one, "", attachments=(medium,)).seq for one in (chat, group)]
        acts: list[Act] = [decode, partial(delete_for_everyone, alice.pk, chat, seqs[0])]
        assert not any(isinstance(one, Exception) for one in at_once(acts[:: 1 - 2 * (number % 2)]))
        assert last_told(published, chat, seqs[0]) == []
        assert last_told(published, group, seqs[1]) == ["rejected"]
        assert Hold.objects.filter(medium_id=medium).count() == 1
    for one in (chat, group):
        assert_whole(one)
    for client in clients:
        client.sync()
        check(client)


def test_the_owner_deletes_what_is_being_attached(alice: User, bob: User, chat: str) -> None:
    for number in range(8):
        medium = a_file(alice)
        acts: list[Act] = [
            partial(post, alice, chat, "", attachments=(str(medium.pk),)),
            partial(delete_own, alice.pk, get_medium(alice.pk, str(medium.pk))),
        ]
        order = 1 - 2 * (number % 2)
        sent, deleted = at_once(acts[::order])[::order]
        assert fails(sent, "media_not_found") != fails(deleted, "media_in_use")
        is_held = Hold.objects.filter(medium_id=medium.pk).exists()
        assert is_held == Medium.objects.filter(pk=medium.pk).exists()
        assert is_held == Message.objects.filter(attachments__contains=[medium.pk]).exists()
    assert_whole(chat)


def test_the_original_is_deleted_while_it_is_passed_on(alice: User, bob: User, chat: str) -> None:
    group = bare_group(bob, alice)
    for number in range(8):
        medium = a_file(alice)
        seq = post(alice, chat, "", attachments=(str(medium.pk),)).seq
        wanted = Forward(from_=(Source(chat=chat, seq=seq),), to=(group,))
        acts: list[Act] = [
            partial(forward, bob.pk, wanted),
            partial(delete_for_everyone, alice.pk, chat, seq),
        ]
        order = 1 - 2 * (number % 2)
        passed, deleted = at_once(acts[::order])[::order]
        assert not isinstance(deleted, Exception)
        is_lost = fails(passed, "media_not_found", "message_deleted")
        assert Medium.objects.filter(pk=medium.pk).exists() != is_lost
        assert Hold.objects.filter(medium_id=medium.pk).exists() != is_lost
    assert_whole(group)


def test_a_file_is_sent_twice_at_once(alice: User, chat: str) -> None:
    for number in range(4):
        medium = str(a_picture(alice).pk)
        send = partial(post, alice, chat, "", f"same{number}", attachments=(medium,))
        answers = at_once([send] * 3)
        assert len({answer.seq for answer in answers}) == 1
        assert sorted(answer.is_repeat for answer in answers) == [False, True, True]
        assert Hold.objects.filter(medium_id=medium).count() == 1
    assert_whole(chat)


def test_decoding_ends_while_what_waits_is_sent_or_taken_back(
    alice: User, bob: User, chat: str, published: Published
) -> None:
    client = Client(alice).start()
    for number in range(8):
        medium = str(a_picture(alice).pk)
        message = SendMessage(client_id=f"later{number}", attachments=(medium,))
        waiting = schedule_message(alice.pk, chat, message, now() + timedelta(hours=1))
        assert waiting is not None
        end = send_now if number % 2 else cancel_scheduled
        acts: list[Act] = [decode, partial(end, alice.pk, chat, str(waiting.scheduled.pk))]
        order = 1 - 2 * (number // 2 % 2)
        _, ended = at_once(acts[::order])[::order]
        was_refused = fails(ended, "media_rejected")
        sent = Message.objects.filter(client_id=f"later{number}").first()
        if sent is not None:
            assert last_told(published, chat, sent.seq) == ["rejected"]
        kinds = set(Hold.objects.filter(medium_id=medium).values_list("kind", flat=True))
        assert kinds == ({"scheduled"} if was_refused else {"message"} if sent else set())
    client.sync()
    check(client)


def test_the_picture_of_a_group_changes_while_one_is_decoded(
    alice: User, bob: User, group: str
) -> None:
    for number in range(8):
        medium = a_picture(bob, Purpose.AVATAR)
        acts: list[Act] = [partial(set_group_avatar, bob.pk, group, medium), decode]
        if number % 2:
            set_group_avatar(bob.pk, group, medium)
            acts[0] = partial(drop_group_avatar, alice.pk, group)
        answers = at_once(acts[:: 1 - 2 * (number // 2 % 2)])
        assert not any(isinstance(answer, Exception) for answer in answers)
        # None of them is good, so none is left.
        assert Chat.objects.get(pk=group).avatar_id is None
        assert not Hold.objects.filter(kind="group").exists()
    assert_whole(group)
