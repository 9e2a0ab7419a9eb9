"""An erased account leaves nothing of the person."""

from datetime import timedelta

import pytest
from django.apps import apps
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts import erasure
from accounts.log import events_after, tell
from accounts.models import Challenge, Device, PersonalEvent, User
from accounts.tests.acts import Caller, sign_in_by_code, signed_in
from core.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Whom the apps above would tell."""
    ids: set[int] = set()
    monkeypatch.setattr(erasure, "_callbacks", [])
    erasure.on_erase(lambda user_id: None, lambda user_id: ids)
    return ids


def test_nothing_of_the_person_is_left(alice: User, caller: Caller, told: set[int]) -> None:
    User.objects.filter(pk=alice.pk).update(
        about="canary", name="canary", pending_phone="+4915112345678", privacy_about="everyone"
    )
    phone, laptop = signed_in(alice, "canary phone"), signed_in(alice)
    sign_in_by_code(caller, "alice@example.com")
    tell(alice.pk, "user:erased", {"user": "canary"})
    assert phone.delete("users/me/").status_code == 204

    for one in (phone, laptop):
        assert one.get("users/me/").status_code == 401
    alice.refresh_from_db()
    assert (alice.username, alice.name) == (f"deleted.{alice.pk}", "Deleted account")
    assert (alice.email, alice.phone, alice.is_active) == (None, None, False)
    assert alice.deleted_at is not None
    assert not alice.has_usable_password()
    assert alice.log_floor == alice.log_position == 1
    assert not Device.objects.exists()
    assert not Challenge.objects.exists()
    assert not PersonalEvent.objects.exists()
    for model in apps.get_app_config("accounts").get_models():
        assert "canary" not in str(list(model._default_manager.values()))
        assert "alice" not in str(list(model._default_manager.values()))


def test_the_identifier_is_free_for_a_new_account(
    alice: User, caller: Caller, told: set[int]
) -> None:
    signed_in(alice).delete("users/me/")
    body = {"identifier": "alice", "password": "correct horse battery"}
    assert caller.post("auth/login/", body).status_code == 401
    again = sign_in_by_code(caller, "alice@example.com").json()
    assert again["created"] is True
    assert again["user"]["id"] != str(alice.pk)


def test_those_who_knew_them_are_told(alice: User, bob: User, carol: User, told: set[int]) -> None:
    told.update({bob.pk, alice.pk})
    signed_in(alice).delete("users/me/")
    (entry,) = events_after(bob.pk, 0, 10)
    assert (entry.event, entry.data) == ("user:erased", {"user": str(alice.pk)})
    assert not events_after(carol.pk, 0, 10)
    assert not events_after(alice.pk, 0, 10)


def test_erasing_twice_tells_once(alice: User, bob: User, told: set[int]) -> None:
    told.add(bob.pk)
    erasure.erase(alice.pk)
    erasure.erase(alice.pk)
    assert len(events_after(bob.pk, 0, 10)) == 1


@pytest.fixture
def clearings(monkeypatch: pytest.MonkeyPatch) -> list[erasure.Forget]:
    """What apps have registered, to be filled by the test."""
    registered: list[erasure.Forget] = []
    monkeypatch.setattr(erasure, "_clearings", registered)
    return registered


def jobs() -> list[ProcrastinateJob]:
    """The clearings that wait."""
    return list(ProcrastinateJob.objects.filter(task_name="accounts.clear").order_by("id"))


def test_the_rest_is_removed_by_a_job_now_and_once_more(
    alice: User, told: set[int], clearings: list[erasure.Forget]
) -> None:
    cleared: list[int] = []
    clearings.append(cleared.append)
    erasure.erase(alice.pk)
    first, second = jobs()
    assert first.args == second.args == {"user_id": alice.pk}
    assert first.scheduled_at is None and second.scheduled_at is not None
    assert cleared == []
    # What was let in before has told the person something.
    PersonalEvent.objects.create(user=alice, position=1, event="chat:new", data={})
    User.objects.filter(pk=alice.pk).update(log_position=1)
    erasure.clear(**first.args)
    assert cleared == [alice.pk]
    alice.refresh_from_db()
    assert alice.cleared_at is not None and alice.log_floor == 1
    assert not PersonalEvent.objects.exists()


def test_nobody_is_cleared_who_is_there(
    alice: User, told: set[int], clearings: list[erasure.Forget]
) -> None:
    clearings.append(lambda user_id: pytest.fail("cleared"))
    erasure.clear(user_id=alice.pk)
    erasure.clear(user_id=1)
    alice.refresh_from_db()
    assert alice.cleared_at is None


def test_what_fails_in_one_app_keeps_no_other_from_it(
    alice: User, told: set[int], clearings: list[erasure.Forget]
) -> None:
    cleared: list[int] = []

    def fail(user_id: int) -> None:
        raise RuntimeError("away")

    clearings += [fail, cleared.append]
    erasure.erase(alice.pk)
    with pytest.raises(RuntimeError):
        erasure.clear(user_id=alice.pk)
    assert cleared == [alice.pk]
    alice.refresh_from_db()
    assert alice.cleared_at is None
    # Its jobs failed for good: the sweep asks for another.
    later = now() + timedelta(hours=2)
    assert erasure.finish_erasures(now()) == 0
    assert erasure.finish_erasures(later, dry_run=True) == 1
    assert len(jobs()) == 2
    assert erasure.finish_erasures(later) == 1
    assert len(jobs()) == 3
    clearings.remove(fail)
    erasure.clear(user_id=alice.pk)
    assert erasure.finish_erasures(later) == 0
