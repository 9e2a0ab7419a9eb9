"""Two things done to one message at once: each is done or refused, and the log stays whole."""

from collections.abc import Callable
from functools import partial
from itertools import combinations_with_replacement, groupby
from typing import Any, NamedTuple

import pytest

from accounts.models import User
from chat.actions.edits import edit_message
from chat.actions.forwards import forward
from chat.actions.pins import pin
from chat.actions.polls import vote
from chat.actions.reactions import react
from chat.actions.removals import delete_for_everyone, delete_for_me
from chat.actions.stars import star
from chat.models import Chat, ChatEvent, Membership, Message, Reaction, Star, Vote
from chat.schemas.forwards import Forward, Source
from chat.tests.acts import bare_group, make_poll, mark, post
from chat.tests.client_model import Client
from chat.tests.test_sync_law import check
from connections.tests.acts import at_once
from core.errors import AppError

pytestmark = pytest.mark.django_db(transaction=True)


class Place(NamedTuple):
    """A message in a group, and another chat of the same people."""

    chat: str
    seq: int
    other: str


Act = Callable[[User, Place], Any]

ACTS: dict[str, Act] = {
    "edit": lambda who, at: edit_message(who.pk, at.chat, at.seq, f"by {who.username}"),
    "delete": lambda who, at: delete_for_everyone(who.pk, at.chat, at.seq),
    "delete for me": lambda who, at: delete_for_me(who.pk, at.chat, at.seq),
    "react": lambda who, at: react(who.pk, at.chat, at.seq, "🎉"),
    "unreact": lambda who, at: react(who.pk, at.chat, at.seq, None),
    "vote": lambda who, at: vote(who.pk, at.chat, at.seq, [1]),
    "pin": lambda who, at: pin(who.pk, at.chat, at.seq, True),
    "unpin": lambda who, at: pin(who.pk, at.chat, at.seq, False),
    "star": lambda who, at: star(who.pk, at.chat, at.seq, True),
    "reply": lambda who, at: post(who, at.chat, "so", reply_to=at.seq),
    "forward": lambda who, at: forward(
        who.pk, Forward(from_=(Source(chat=at.chat, seq=at.seq),), to=(at.other, at.chat))
    ),
    "see": lambda who, at: mark(who, at.chat, "seen", at.seq),
}

#: What may be refused because of the other act, or as the message is nothing for it.
REFUSALS = {
    "message_deleted", "message_not_found", "not_the_sender", "not_editable", "not_a_poll",
}  # fmt: skip

PAIRS = {
    first: [second for _, second in pairs]
    for first, pairs in groupby(combinations_with_replacement(ACTS, 2), key=lambda pair: pair[0])
}


def prepare(sender: User, both: list[User], chat: str, other: str, acts: tuple[str, str]) -> Place:
    """A message for two acts to meet on."""
    seq = make_poll(sender, chat) if "vote" in acts else post(sender, chat, "hi").seq
    if "unreact" in acts:
        for user in both:
            react(user.pk, chat, seq, "👍")
    if "unpin" in acts:
        pin(sender.pk, chat, seq, True)
    return Place(chat, seq, other)


def assert_whole(chat: str) -> None:
    """Each place of the log is taken just once, and nothing lies on what was deleted."""
    messages = Message.objects.filter(chat_id=chat)
    places = [*messages.values_list("seq", flat=True)]
    places += ChatEvent.objects.filter(chat_id=chat).values_list("seq", flat=True)
    assert sorted(places) == list(range(1, Chat.objects.get(pk=chat).head + 1))
    deleted = messages.exclude(deleted_at=None)
    assert not deleted.exclude(text="", content=None, pinned_at=None).exists()
    for put_on in (Reaction, Vote, Star):
        seqs = deleted.values("seq")
        assert not put_on._default_manager.filter(chat_id=chat, seq__in=seqs).exists()


@pytest.mark.parametrize("first", PAIRS)
def test_any_two_acts_on_one_message(
    alice: User, bob: User, chat: str, first: str, settings: Any
) -> None:
    settings.RATE_LIMITS = False
    settings.PINS_PER_CHAT = 1_000
    group = bare_group(alice, bob)
    Membership.objects.filter(chat_id=group, user=bob).update(role=Membership.Role.ADMIN)
    clients = [Client(user).start() for user in (alice, bob)]
    for second in PAIRS[first]:
        # The last of them on two devices of one person.
        for one, other in ((alice, bob), (bob, alice), (alice, alice)):
            place = prepare(alice, [alice, bob], group, chat, (first, second))
            answers = at_once(
                [partial(ACTS[first], one, place), partial(ACTS[second], other, place)]
            )
            for answer in answers:
                if isinstance(answer, Exception):
                    assert isinstance(answer, AppError), (first, second, answer)
                    assert answer.code in REFUSALS, (first, second, answer.code)
    assert_whole(group)
    assert_whole(chat)
    for client in clients:
        client.sync()
        check(client)
