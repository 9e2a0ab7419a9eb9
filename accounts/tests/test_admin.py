"""The admin shows accounts and hides secrets."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.log import tell
from accounts.models import Challenge, Counter, Device, PersonalEvent, User
from accounts.tests.acts import Caller, device_of, signed_in
from realtime.tests.published import Published

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(alice: User, bob: User, caller: Caller) -> Client:
    """An admin's browser, and one row of everything."""
    admin = User.objects.create_superuser("admin", "a very good password")
    signed_in(bob, "Bob's phone")
    caller.post("auth/otp/request/", {"identifier": "new@example.com"})
    tell(bob.pk, "user:erased", {"user": "1"})
    client = Client()
    client.force_login(admin)
    return client


@pytest.mark.parametrize("model", [User, Device, Challenge, Counter, PersonalEvent])
def test_pages_open_and_search(staff: Client, model: Any) -> None:
    base = f"/admin/accounts/{model._meta.model_name}/"
    assert staff.get(base).status_code == 200
    assert staff.get(base, {"q": "bob"}).status_code == 200
    row = model.objects.order_by("pk").last()
    assert staff.get(f"{base}{row.pk}/change/", follow=True).status_code == 200


def test_secrets_are_hidden(staff: Client) -> None:
    challenge = Challenge.objects.get()
    page = staff.get(f"/admin/accounts/challenge/{challenge.pk}/change/").content.decode()
    assert "new@example.com" in page
    assert challenge.code_hash not in page


def test_counters_are_found_by_identifier(staff: Client) -> None:
    page = staff.get("/admin/accounts/counter/", {"q": "new@example.com"}).content.decode()
    assert "otp:" in page
    assert "otp-network:" not in page


def test_the_form_suspends_nobody(staff: Client, bob: User) -> None:
    chosen = {"_selected_action": [bob.pk], "action": "suspend", "is_active": ""}
    staff.post("/admin/accounts/user/", chosen)
    staff.post(f"/admin/accounts/user/{bob.pk}/change/", {"username": "bob"})
    bob.refresh_from_db()
    assert bob.is_active


def test_signing_out_a_device(staff: Client, bob: User) -> None:
    phone = signed_in(bob)
    chosen = {"_selected_action": [device_of(phone).pk]}
    staff.post("/admin/accounts/device/", {"action": "sign_out", **chosen})
    assert phone.get("users/me/").status_code == 401


def filled_in(staff: Client, user: User) -> dict[str, Any]:
    """What a browser would post of the user's page if nothing was changed."""
    page = staff.get(f"/admin/accounts/user/{user.pk}/change/")
    form = page.context["adminform"].form
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    return {name: value for name, value in data.items() if value is not False}


def test_saving_a_user_touches_only_what_changed(staff: Client, bob: User) -> None:
    data = filled_in(staff, bob)
    position = tell(bob.pk, "user:erased", {"user": "1"})
    answer = staff.post(
        f"/admin/accounts/user/{bob.pk}/change/", {**data, "name": "Robert", "username": "BOB"}
    )
    assert answer.status_code == 302, answer.context["errors"]
    bob.refresh_from_db()
    assert (bob.name, bob.username, bob.log_position) == ("Robert", "bob", position)
    assert (bob.email, bob.phone) == (None, "+4915112345678")


def change_by_staff(staff: Client, user: User, **changes: str) -> None:
    """Posts the user's page with something else in some fields."""
    page = f"/admin/accounts/user/{user.pk}/change/"
    assert staff.post(page, filled_in(staff, user) | changes).status_code == 302


@pytest.mark.parametrize(
    ("changes", "is_told"),
    [
        ({"name": "Robert"}, True),
        ({"username": "robert"}, True),
        ({"privacy_avatar": "nobody"}, True),
        ({"about": "Busy"}, False),
    ],
)
def test_a_changed_name_is_told_like_ones_own(
    staff: Client, bob: User, changes: dict[str, str], is_told: bool
) -> None:
    User.objects.filter(pk=bob.pk).update(avatar_id=1)
    change_by_staff(staff, bob, **changes)
    jobs = ProcrastinateJob.objects.filter(task_name="accounts.tell_profile")
    assert [job.args["user_id"] for job in jobs] == [bob.pk] * is_told


@pytest.mark.parametrize(
    ("changes", "is_told"),
    [
        ({"privacy_online": "nobody"}, True),
        ({"privacy_avatar": "nobody"}, True),
        ({"typing": ""}, True),
        ({"about": "Busy"}, False),
    ],
)
def test_changed_privacy_is_told_to_the_persons_own_devices(
    staff: Client,
    bob: User,
    published: Published,
    django_capture_on_commit_callbacks: Any,
    changes: dict[str, str],
    is_told: bool,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        change_by_staff(staff, bob, **changes)
    assert [push.to for push in published.take("user:updated")] == [{bob.pk}] * is_told


def test_nobody_is_deleted_and_rows_are_not_edited(staff: Client, bob: User) -> None:
    assert staff.get(f"/admin/accounts/user/{bob.pk}/delete/").status_code == 403
    device = Device.objects.get()
    assert staff.post(f"/admin/accounts/device/{device.pk}/change/", {}).status_code == 403


def test_adding_a_user(staff: Client) -> None:
    body = {"username": "made", "password1": "a very good one", "password2": "a very good one"}
    body["usable_password"] = "true"
    assert staff.post("/admin/accounts/user/add/", body).status_code == 302
    assert User.objects.get(username="made").check_password("a very good one")


def test_people_without_staff_rights_stay_out(staff: Client, bob: User) -> None:
    client = Client()
    client.force_login(bob)
    assert client.get("/admin/accounts/user/").status_code == 302


def test_create_admin_from_the_environment(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_USERNAME", "Root.1")
    monkeypatch.setenv("ADMIN_PASSWORD", "a very good password")
    monkeypatch.setenv("ADMIN_EMAIL", "Root@Example.com")
    call_command("create_admin")
    admin = User.objects.get()
    assert (admin.username, admin.email) == ("root.1", "root@example.com")
    assert admin.is_staff and admin.is_superuser
    monkeypatch.setenv("ADMIN_PASSWORD", "another good password")
    call_command("create_admin")
    admin.refresh_from_db()
    assert admin.check_password("another good password")
    body = {"username": "root.1", "password": "another good password"}
    assert Client().post("/admin/login/?next=/admin/", body).status_code == 302


def test_create_admin_refuses(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, password, email in (
        ("x", "a very good password", ""),
        ("root", "short", ""),
        ("root", "", ""),
        ("root", "a very good password", "alice@example.com"),
        ("root", "a very good password", "no address"),
    ):
        monkeypatch.setenv("ADMIN_USERNAME", name)
        monkeypatch.setenv("ADMIN_PASSWORD", password)
        monkeypatch.setenv("ADMIN_EMAIL", email)
        with pytest.raises(CommandError):
            call_command("create_admin")
    assert User.objects.count() == 1
