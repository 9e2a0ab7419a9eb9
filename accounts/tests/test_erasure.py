"""An erased account leaves nothing of the person."""

import pytest
from django.apps import apps

from accounts import erasure
from accounts.log import events_after, tell
from accounts.models import Challenge, Device, PersonalEvent, User
from accounts.tests.acts import Caller, sign_in_by_code, signed_in

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
