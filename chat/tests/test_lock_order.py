"""Acts on one person, in the worst order: who waits for the person's row must hold nothing that
whoever has it goes on to want (chats, then memberships, then people, then files).
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Thread
from typing import Any

import pytest
from django.db import connection, connections, transaction

from accounts.erasure import erase
from accounts.log import lock_logs
from accounts.models import User
from chat.actions.members import remove_member, set_role
from chat.actions.mine import change_mine
from chat.actions.reactions import react
from chat.actions.removals import delete_for_everyone
from chat.actions.scheduled import schedule_message
from chat.models import Membership
from chat.schemas.chats import ChangeMine
from chat.schemas.messages import SendMessage
from chat.tests.acts import make_group, post
from chat.tests.test_attachment_races import a_file
from core.clock import now
from media.tests.conftest import empty_directory
from notifications.actions.notices import read_notifications
from notifications.models import Notification
from realtime.tests.process import wait_for

__all__ = ["empty_directory"]

pytestmark = pytest.mark.django_db(transaction=True)

Act = Callable[[], Any]


def in_line(user: User, *acts: Act) -> list[Any]:
    """What acts come to that queue for the person's row, in this order, and get it together."""
    answers: list[Any] = [None] * len(acts)

    def run(n: int, act: Act) -> None:
        try:
            answers[n] = act()
        except Exception as error:
            answers[n] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    with transaction.atomic():
        lock_logs([user.pk])
        for n, thread in enumerate(threads):
            thread.start()
            wait_for(partial(at_least_wait, n + 1))
    for thread in threads:
        thread.join(30)
    return answers


def at_least_wait(number: int) -> bool:
    """Whether so many stand before a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
        return int(cursor.fetchone()[0]) >= number


def assert_done(answers: list[Any]) -> None:
    """Nobody was sent away."""
    assert not [one for one in answers if isinstance(one, Exception)], answers


def draft(user: User, chat: str) -> Act:
    """Keeps a draft."""
    return partial(change_mine, user.pk, chat, ChangeMine(draft="so"))


def test_a_role_and_a_draft(alice: User, bob: User, group: str) -> None:
    promote = partial(set_role, alice.pk, group, str(bob.pk), Membership.Role.ADMIN)
    assert_done(in_line(bob, promote, draft(bob, group)))


def test_a_group_that_is_passed_on_and_a_draft(alice: User, bob: User, group: str) -> None:
    leave = partial(remove_member, alice.pk, group, str(alice.pk))
    assert_done(in_line(bob, leave, draft(bob, group)))


def test_an_erasure_and_a_draft(alice: User, bob: User, group: str) -> None:
    done, refused = in_line(bob, partial(erase, bob.pk), draft(bob, group))
    assert done is None and getattr(refused, "code", "") == "chat_not_found"


def test_reading_notifications_and_taking_one_back(alice: User, bob: User, group: str) -> None:
    seq = post(alice, group).seq
    react(bob.pk, group, seq, "👍")
    newest = Notification.objects.filter(user=alice).order_by("-pk")[0].pk
    read = partial(read_notifications, alice.pk, newest)
    assert_done(in_line(alice, read, partial(react, bob.pk, group, seq, None)))


def test_deleting_a_file_that_is_about_to_be_scheduled(alice: User, bob: User, group: str) -> None:
    medium = str(a_file(alice).pk)
    seq = post(alice, group, attachments=(medium,)).seq
    react(bob.pk, group, seq, "👍")
    other = make_group(alice, bob)
    again = SendMessage(client_id="later", attachments=(medium,))
    schedule = partial(schedule_message, alice.pk, other, again, now() + timedelta(hours=1))
    assert_done(in_line(alice, schedule, partial(delete_for_everyone, alice.pk, group, seq)))
