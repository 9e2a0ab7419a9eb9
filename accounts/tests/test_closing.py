"""Whatever ends a session tells every process to close its sockets, in the same transaction."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from time_machine import TimeMachineFixture

from accounts.models import Device, User
from accounts.tests.acts import Caller, device_of, signed_in
from accounts.tokens import issue

pytestmark = pytest.mark.django_db(transaction=True)


def notices_of(act: Callable[[], Any]) -> list[Any]:
    """What the processes hear of while ``act`` runs."""
    parameters = connection.get_connection_params()
    kept = {name: parameters[name] for name in ("dbname", "user", "host") if name in parameters}
    with psycopg.connect(**kept, autocommit=True) as listener:
        listener.execute("LISTEN chatproject")
        act()
        # What was sent before this is heard before this.
        listener.execute("NOTIFY chatproject, 'end'")
        heard: list[Any] = []
        for notice in listener.notifies(timeout=5):
            if notice.payload == "end":
                return heard
            heard.append(json.loads(notice.payload))
    raise AssertionError("nothing heard")


def closed(*devices: Device) -> list[Any]:
    return [["close_devices", [[device.pk for device in devices], 4401]]]


def test_logout(alice: User) -> None:
    phone = signed_in(alice)
    device = device_of(phone)
    assert notices_of(lambda: phone.post("auth/logout/")) == closed(device)


def test_revoking_a_device(alice: User) -> None:
    phone, laptop = signed_in(alice), signed_in(alice)
    device = device_of(laptop)
    path = f"auth/devices/{device.pk}/"
    assert notices_of(lambda: phone.delete(path)) == closed(device)


def test_change_of_password_closes_the_others(alice: User) -> None:
    phone, laptop = signed_in(alice), signed_in(alice)
    other = device_of(laptop)
    body = {"current": "correct horse battery", "new": "a much better password"}
    assert notices_of(lambda: phone.post("auth/password/", body)) == closed(other)


def test_reuse_of_a_refresh_token(alice: User, clock: TimeMachineFixture) -> None:
    device = Device.objects.create(user=alice)
    body = {"refresh": issue(device).refresh}
    Caller().post("auth/token/refresh/", body)
    clock.shift(timedelta(seconds=11))
    assert notices_of(lambda: Caller().post("auth/token/refresh/", body)) == closed(device)


def test_erasure(alice: User) -> None:
    phone = signed_in(alice)
    heard = notices_of(lambda: phone.delete("users/me/"))
    assert heard == [["close_users", [[alice.pk], 4401]]]


def test_refused_revocation_closes_nothing(alice: User, bob: User) -> None:
    device = device_of(signed_in(bob))
    phone = signed_in(alice)
    assert notices_of(lambda: phone.delete(f"auth/devices/{device.pk}/")) == []
