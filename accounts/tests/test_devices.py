"""Devices: listed, revoked, bounded."""

import pytest

from accounts import devices
from accounts.models import Device, User
from accounts.tests.acts import Caller, code_of, device_of, signed_in
from accounts.tokens import issue

pytestmark = pytest.mark.django_db


def test_list_shows_own_devices_and_which_one_asks(alice: User, bob: User) -> None:
    phone, laptop = signed_in(alice, "Phone"), signed_in(alice, "Laptop")
    signed_in(bob, "Bob's")
    answer = phone.get("auth/devices/").json()
    assert (answer["next"], answer["users"]) == (None, {})
    assert [(row["name"], row["current"]) for row in answer["results"]] == [
        ("Laptop", False),
        ("Phone", True),
    ]
    assert answer["results"][0]["id"] == str(device_of(laptop).pk)


def test_list_is_paged(alice: User) -> None:
    callers = [signed_in(alice, str(number)) for number in range(5)]
    names, cursor = [], ""
    while True:
        answer = callers[0].get(f"auth/devices/?limit=2&cursor={cursor}").json()
        names += [row["name"] for row in answer["results"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert names == ["4", "3", "2", "1", "0"]
    assert callers[0].get("auth/devices/?cursor=nonsense").status_code == 400
    assert callers[0].get("auth/devices/?limit=101").status_code == 400


def test_revoking_a_device_ends_its_tokens(alice: User) -> None:
    phone, laptop = signed_in(alice), signed_in(alice)
    lost = device_of(laptop)
    assert phone.delete(f"auth/devices/{lost.pk}/").status_code == 204
    assert code_of(laptop.get("users/me/")) == "device_revoked"
    refresh = Caller().post("auth/token/refresh/", {"refresh": issue(lost).refresh})
    assert refresh.status_code == 401
    assert phone.delete(f"auth/devices/{lost.pk}/").status_code == 404
    assert devices.live([lost.pk, device_of(phone).pk]) == {device_of(phone).pk}


@pytest.mark.parametrize("device_id", ["1", "x", "-1", "9" * 40, "1e5", "%00", "１"])
def test_what_is_no_device_of_mine_is_404(alice: User, device_id: str) -> None:
    assert signed_in(alice).delete(f"auth/devices/{device_id}/").status_code == 404


def test_anothers_device_is_404(alice: User, bob: User) -> None:
    phone, bobs = signed_in(alice), signed_in(bob)
    assert phone.delete(f"auth/devices/{device_of(bobs).pk}/").status_code == 404
    assert bobs.get("users/me/").status_code == 200


def test_logout_revokes_this_device_only(alice: User) -> None:
    phone, laptop = signed_in(alice), signed_in(alice)
    answer = phone.post("auth/logout/")
    assert answer.status_code == 200
    assert phone.get("users/me/").status_code == 401
    assert phone.post("auth/logout/").status_code == 401
    assert laptop.get("users/me/").status_code == 200


def test_logout_by_refresh_token(alice: User, caller: Caller) -> None:
    device = Device.objects.create(user=alice)
    body = {"refresh": issue(device).refresh}
    assert caller.post("auth/logout/", body).status_code == 200
    assert caller.post("auth/logout/", body).status_code == 401


def test_logout_of_nobody_is_401(caller: Caller) -> None:
    assert caller.post("auth/logout/").status_code == 401


def test_suspended_peoples_devices_are_not_live(alice: User) -> None:
    device = device_of(signed_in(alice))
    User.objects.update(is_active=False)
    assert devices.live([device.pk]) == set()
