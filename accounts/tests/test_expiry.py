"""What has run out is removed, and nothing else."""

from datetime import timedelta

import pytest

from accounts import expiry
from accounts.limits import DAY, take
from accounts.log import bounds, events_after, tell
from accounts.models import Challenge, Counter, Device, PersonalEvent, User
from core.clock import now

pytestmark = pytest.mark.django_db


def test_codes(alice: User) -> None:
    for hours in (-1, 23, 25):
        Challenge.objects.create(
            identifier="a@example.com", expires_at=now() - timedelta(hours=hours)
        )
    assert expiry.expire_codes(now(), dry_run=True) == 1
    assert Challenge.objects.count() == 3
    assert expiry.expire_codes(now()) == 1
    assert Challenge.objects.count() == 2


def test_counters() -> None:
    take("one", 5, DAY)
    assert expiry.expire_counters(now() + timedelta(hours=23)) == 0
    assert expiry.expire_counters(now() + timedelta(hours=25)) == 1
    assert not Counter.objects.exists()


def test_devices(alice: User) -> None:
    Device.objects.create(user=alice, name="used")
    Device.objects.create(user=alice, last_used_at=now() - timedelta(days=91))
    Device.objects.create(user=alice, revoked_at=now() - timedelta(days=31))
    Device.objects.create(user=alice, name="revoked", revoked_at=now() - timedelta(days=29))
    assert expiry.expire_devices(now()) == 2
    assert set(Device.objects.values_list("name", flat=True)) == {"used", "revoked"}


def test_personal_events_move_the_floor(alice: User, bob: User) -> None:
    for n in range(3):
        tell(alice.pk, "user:erased", {"user": str(n)})
    tell(bob.pk, "user:erased", {"user": "1"})
    old = PersonalEvent.objects.filter(user=alice, position__lte=2)
    old.update(created_at=now() - timedelta(days=31))
    assert expiry.expire_personal_events(now(), dry_run=True) == 2
    assert expiry.expire_personal_events(now()) == 2
    assert bounds(alice.pk) == (2, 3)
    assert [row.position for row in events_after(alice.pk, 0, 10)] == [3]
    assert bounds(bob.pk) == (0, 1)
    assert tell(alice.pk, "user:erased", {"user": "1"}) == 4


def test_personal_events_of_many_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expiry, "_PEOPLE", 2)
    people = [User.objects.create_user(f"user{n}") for n in range(5)]
    for person in people:
        tell(person.pk, "user:erased", {"user": "1"})
    PersonalEvent.objects.update(created_at=now() - timedelta(days=31))
    assert expiry.expire_personal_events(now()) == 5
    assert not PersonalEvent.objects.exists()
    assert {bounds(person.pk) for person in people} == {(1, 1)}
