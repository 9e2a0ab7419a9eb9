"""Reporting: what can be reported by whom, what is kept of it, and what the reporter hears."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.conf import settings

from accounts.models import User
from accounts.profile import update_profile
from accounts.schemas import PatchProfile
from chat.actions.edits import edit_message
from chat.actions.removals import delete_for_everyone, delete_for_me
from chat.models import Membership, Message
from chat.tests.acts import bare_group, make_chat, post
from connections.actions.people import block_person
from connections.tests.acts import as_, at_once, connect, make_person
from core.clock import now
from media.models import Hold
from media.tests.acts import Uploader, work
from media.tests.conftest import empty_directory
from moderation.actions.reports import dismiss_report
from moderation.models import Report
from moderation.tests.acts import REPORTS, report, reported

__all__ = ["empty_directory"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(alice: User, bob: User) -> str:
    """A group of alice and bob."""
    return bare_group(alice, bob, description="boats")


def test_a_reported_file_outlives_its_message(alice: User, bob: User, chat: str) -> None:
    uploader = Uploader(bob)
    file = uploader.upload(b"rude", "rude.txt").json()["id"]
    sent = post(bob, chat, "look", attachments=(file,))
    assert report(alice, chat=chat, seq=sent.seq, reason="abuse").status_code == 201
    (kept,) = Report.objects.get().evidence["message"]["attachments"]
    assert kept == {
        "id": file, "kind": "file", "mime": "text/plain", "name": "rude.txt", "size": 4,
    }  # fmt: skip
    delete_for_everyone(bob.pk, chat, sent.seq)
    work()
    assert set(Hold.objects.values_list("medium_id", "kind")) == {(int(file), "report")}
    assert Uploader(alice).get(f"/media/{file}/rude.txt").status_code == 404


def test_a_message_is_reported_with_what_came_before(alice: User, bob: User, chat: str) -> None:
    for n in range(7):
        post((alice, bob)[n % 2], chat, f"line {n}")
    rude = post(bob, chat, "rude", client_id="secret-name")
    answer = report(alice, chat=chat, seq=rude.seq, reason="abuse", comment="he <b>always</b> does")
    assert answer.status_code == 201
    made = answer.json()
    assert made == {
        "id": made["id"],
        "kind": "message",
        "user": str(bob.pk),
        "chat": chat,
        "seq": rude.seq,
        "status": None,
        "reason": "abuse",
        "comment": "he <b>always</b> does",
        "state": "open",
        "answer": None,
        "created_at": made["created_at"],
        "decided_at": None,
    }
    kept = Report.objects.get().evidence
    assert kept["message"]["text"] == "rude"
    assert [one["text"] for one in kept["before"]] == [f"line {n}" for n in range(2, 7)]
    assert kept["users"][str(bob.pk)] == {"username": "bob", "name": "Bob"}
    assert "secret-name" not in str(kept)
    # It stays what it was.
    edit_message(bob.pk, chat, rude.seq, "polite")
    delete_for_everyone(bob.pk, chat, rude.seq)
    assert Report.objects.get().evidence == kept


def test_people_and_groups_are_reported_as_the_reporter_sees_them(
    alice: User, bob: User, carol: User, chat: str, group: str
) -> None:
    update_profile(bob.pk, PatchProfile(about="for connections"))
    assert reported(alice, user=str(bob.pk)).evidence["user"]["about"] == "for connections"
    Membership.objects.create(chat_id=int(group), user=carol)
    seen_by_carol = reported(carol, user=str(bob.pk))
    assert seen_by_carol.evidence["user"] == {
        "id": str(bob.pk), "username": "bob", "name": "Bob", "about": None
    }  # fmt: skip
    of_group = reported(alice, chat=group)
    assert (of_group.kind, of_group.user_id) == ("group", None)
    assert of_group.evidence["group"]["name"] == "Friends"


def test_evidence_holds_no_more_than_the_reporter_sees(
    alice: User, bob: User, carol: User, group: str
) -> None:
    for n in range(3):
        post(bob, group, f"before carol {n}")
    late = Membership.objects.create(chat_id=int(group), user=carol, start=3)
    hidden, gone, expired, rude = (post(bob, group, text) for text in ("hid", "del", "exp", "rude"))
    delete_for_me(carol.pk, group, hidden.seq)
    delete_for_everyone(bob.pk, group, gone.seq)
    expiring = Message.objects.filter(chat_id=int(group), seq=expired.seq)
    expiring.update(expires_at=now() - timedelta(seconds=1))
    kept = reported(carol, chat=group, seq=rude.seq).evidence
    assert [(one["seq"], one["text"]) for one in kept["before"]] == [(gone.seq, None)]
    for seq in (hidden.seq, expired.seq, 2, late.start):
        assert report(carol, chat=group, seq=seq).status_code == 404


def test_what_one_does_not_see_cannot_be_reported(
    alice: User, bob: User, carol: User, dave: User, chat: str, group: str
) -> None:
    said = post(bob, chat, "private")
    for named in (
        {"user": str(alice.pk)},
        {"user": "1"},
        {"user": "nobody"},
        {"chat": chat},
        {"chat": group},
        {"chat": chat, "seq": said.seq},
        {"chat": chat, "seq": 2**53},
        {"status": "1"},
    ):
        for wrong in ({}, {"reason": "boredom"}, {"comment": 5}, {"reason": None}):
            answer = report(carol, **{**named, **wrong})
            assert answer.status_code == 404, (named, wrong)
    assert report(alice, chat=chat, seq=said.seq + 1).status_code == 404
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"reason": "abuse"},
        {"reason": "boredom", "user": "BOB"},
        {"reason": "abuse", "user": "BOB", "chat": "CHAT"},
        {"reason": "abuse", "seq": 1},
        {"reason": "abuse", "chat": "CHAT"},
        {"reason": "abuse", "chat": "CHAT", "seq": -1},
        {"reason": "abuse", "chat": "CHAT", "seq": "1"},
        {"reason": "abuse", "chat": "CHAT", "seq": 2**60},
        {"reason": "abuse", "user": "BOB", "comment": "x" * 1001},
        {"reason": "abuse", "user": "BOB", "comment": "\0"},
        {"reason": "abuse", "user": "ALICE"},
        {"reason": "abuse", "chat": "CHAT", "seq": 1},
        ["abuse"],
    ],
)
def test_bad_reports_are_refused(body: Any, alice: User, bob: User, chat: str) -> None:
    post(alice, chat, "my own")
    names = {"BOB": str(bob.pk), "ALICE": str(alice.pk), "CHAT": chat}
    if isinstance(body, dict):
        body = {key: names.get(value, value) for key, value in body.items()}
    answer = as_(alice).post(REPORTS, body, format="json")
    assert answer.status_code == 400, answer.content
    assert not Report.objects.exists()


def test_an_undecided_report_is_made_once(
    alice: User, bob: User, moderator: User, chat: str
) -> None:
    post(bob, chat, "rude")
    first = report(alice, chat=chat, seq=1)
    again = report(alice, chat=chat, seq=1, reason="spam", comment="more")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    dismiss_report(moderator, int(first.json()["id"]), reason="banter", answer="No rule is broken.")
    assert report(alice, chat=chat, seq=1).status_code == 201


def test_reporters_read_the_answer_and_nobody_elses_reports(
    alice: User, bob: User, moderator: User
) -> None:
    made = reported(alice, user=str(bob.pk))
    reported(bob, user=str(alice.pk))
    dismiss_report(moderator, made.pk, reason="internal", answer="Thank you, all is well.")
    page = as_(alice).get(f"{REPORTS}?limit=1").json()
    assert page["next"] is None
    assert set(page["users"]) == {str(bob.pk)}
    (row,) = page["results"]
    assert (row["state"], row["answer"]) == ("dismissed", "Thank you, all is well.")
    assert "internal" not in str(page) and "mira" not in str(page)


def test_reports_are_counted(alice: User, bob: User, chat: str, settings: Any) -> None:
    settings.REPORTS_PER_ACCOUNT_PER_DAY = 2
    for text in "abc":
        post(bob, chat, text)
    statuses = [report(alice, chat=chat, seq=seq).status_code for seq in (1, 1, 2, 2, 3)]
    assert statuses == [201, 200, 201, 200, 429]


@pytest.mark.django_db(transaction=True)
def test_of_many_reports_of_one_thing_at_once_one_is_made(settings: Any) -> None:
    alice, bob = make_person("alice"), make_person("bob")
    connect(alice, bob)
    chat = make_chat(alice, bob)
    post(bob, chat, "rude")
    for settings.RATE_LIMITS in (True, False):
        Report.objects.all().delete()
        answers = at_once([partial(report, alice, chat=chat, seq=1)] * 6)
        assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
        assert len({answer.json()["id"] for answer in answers}) == 1


def test_a_blocked_person_can_be_reported_where_they_are_seen(
    alice: User, bob: User, group: str
) -> None:
    said = post(bob, group, "rude")
    block_person(blocker_id=alice.pk, blocked_id=bob.pk)
    assert report(alice, chat=group, seq=said.seq).status_code == 201
    assert report(alice, user=str(bob.pk)).status_code == 201
    assert settings.REPORT_MESSAGES_BEFORE == 5
