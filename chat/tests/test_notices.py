"""What people find in their list of notifications: reactions, and requests to join."""

from datetime import timedelta

import pytest

from accounts.models import User
from chat.actions.invites import decide_request, join, make_invite
from chat.actions.reactions import react
from chat.actions.removals import delete_for_everyone, delete_for_me, remove_by_staff
from chat.invites import token_of
from chat.models import Membership
from chat.schemas.invites import NewInvite
from chat.tests.acts import bare_group, post
from core.clock import now
from notifications.queries import page_of

pytestmark = pytest.mark.django_db


def reactions(user: User) -> list[tuple[int | None, dict[str, str | int]]]:
    """By whom, and to what."""
    rows = page_of(user.pk, None, 50)
    return [(row.by_id, row.data) for row in rows if row.kind == "reaction"]


def test_one_notification_a_message_until_the_last_is_taken_back(
    alice: User, bob: User, carol: User
) -> None:
    chat = bare_group(alice, bob, carol)
    seq = post(alice, chat).seq
    react(bob.pk, chat, seq, "👍")
    react(carol.pk, chat, seq, "🎉")
    react(alice.pk, chat, seq, "👍")
    assert reactions(alice) == [(bob.pk, {"chat": chat, "seq": seq})]
    react(bob.pk, chat, seq, None)
    assert len(reactions(alice)) == 1
    react(carol.pk, chat, seq, None)
    assert reactions(alice) == []
    react(bob.pk, chat, seq, "👍")
    delete_for_everyone(alice.pk, chat, seq)
    assert reactions(alice) == []
    seq = post(alice, chat).seq
    react(bob.pk, chat, seq, "👍")
    remove_by_staff(int(chat), seq)
    assert reactions(alice) == []


def test_who_has_muted_left_or_hidden_it_hears_nothing(alice: User, bob: User) -> None:
    chat = bare_group(alice, bob)
    seqs = [post(alice, chat).seq for _ in range(3)]
    delete_for_me(alice.pk, chat, seqs[0])
    react(bob.pk, chat, seqs[0], "👍")
    mine = Membership.objects.filter(user=alice, chat_id=chat)
    mine.update(muted_until=now() + timedelta(hours=1))
    react(bob.pk, chat, seqs[1], "👍")
    mine.delete()
    react(bob.pk, chat, seqs[2], "👍")
    assert reactions(alice) == []


def kinds(user: User) -> list[tuple[str, int | None]]:
    """What the list has, and by whom; the newest first."""
    return [(row.kind, row.by_id) for row in page_of(user.pk, None, 50)]


def test_admins_hear_of_requests_to_join_and_who_asked_of_the_answer(
    alice: User, bob: User, carol: User, dave: User
) -> None:
    group = bare_group(alice, bob)
    Membership.objects.filter(chat_id=group, user=bob).update(role="admin")
    before = kinds(bob)
    code = make_invite(alice.pk, group, NewInvite(approval=True))
    for asker, approve in ((carol, True), (dave, False)):
        # Alice blocks dave: it is another's code that he uses.
        if asker == dave:
            code = make_invite(bob.pk, group, NewInvite(approval=True))
        _, request = join(asker.pk, token_of(code.pk))
        assert request is not None
        assert kinds(alice)[0] == kinds(bob)[0] == ("join_request", asker.pk)
        decide_request(bob.pk, group, str(request.pk), approve=approve)
        assert kinds(bob) == before
        verdict = "join_approved" if approve else "join_rejected"
        assert kinds(asker)[0] == (verdict, None)
