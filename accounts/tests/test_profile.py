"""Profile, privacy, and who may see whom."""

from typing import Any

import pytest

from accounts import access
from accounts.models import User
from accounts.privacy import Relation, allows
from accounts.tests.acts import Caller, code_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ties(monkeypatch: pytest.MonkeyPatch) -> set[tuple[Relation, int, int]]:
    """Relations that the apps above would know; add ``(relation, viewer, user)``."""
    known: set[tuple[Relation, int, int]] = set()
    monkeypatch.setattr(access, "_ties", [])
    for relation in (Relation.KNOWN, Relation.GROUP, Relation.CONNECTED):
        access.register_visibility(
            lambda viewer, user, relation=relation: (relation, viewer, user) in known,  # type: ignore[misc]
            relation,
        )
    return known


def test_profile_is_the_owners(alice: User) -> None:
    me = signed_in(alice).get("users/me/").json()
    assert me == {
        "id": str(alice.pk),
        "username": "alice",
        "name": "Alice",
        "about": "",
        "avatar_url": None,
        "email": "alice@example.com",
        "phone": None,
        "pending_email": None,
        "pending_phone": None,
        "has_password": True,
        "privacy": {
            "last_seen": "connections",
            "online": "connections",
            "avatar": "connections",
            "about": "connections",
            "statuses": "connections",
            "read_receipts": True,
            "typing": True,
        },
        "date_joined": me["date_joined"],
    }
    assert me["date_joined"].endswith("Z")


def test_patch_changes_what_is_given(alice: User) -> None:
    caller = signed_in(alice)
    body = {"username": "Alice.2", "name": "  Älice 🦊 ", "about": " Busy\nbee ", "id": "1"}
    changed = caller.patch("users/me/", body)
    assert changed.status_code == 200
    me = changed.json()
    assert (me["username"], me["name"], me["about"]) == ("alice.2", "Älice 🦊", "Busy\nbee")
    assert me["id"] == str(alice.pk)
    assert caller.patch("users/me/", {"name": ""}).json()["name"] == ""
    assert caller.patch("users/me/", {}).json()["username"] == "alice.2"


def test_identifiers_change_only_by_code(alice: User) -> None:
    body = {"email": "eve@example.com", "phone": "+4915112345678", "is_staff": True}
    changed = signed_in(alice).patch("users/me/", body)
    assert changed.json()["email"] == "alice@example.com"
    alice.refresh_from_db()
    assert (alice.phone, alice.is_staff) == (None, False)


def test_taken_username(alice: User, bob: User) -> None:
    taken = signed_in(alice).patch("users/me/", {"username": "BOB", "name": "Bob"})
    assert (taken.status_code, code_of(taken)) == (409, "username_taken")
    alice.refresh_from_db()
    assert (alice.username, alice.name) == ("alice", "Alice")


@pytest.mark.parametrize(
    "body",
    [
        {"username": "x"},
        {"username": None},
        {"name": 5},
        {"name": "x" * 65},
        {"name": "two\nlines"},
        {"name": "bell\u0007"},
        {"about": "x" * 301},
        {"about": ["x"]},
        [],
        "text",
        None,
        5,
    ],
)
def test_bad_profiles_are_refused(alice: User, body: Any) -> None:
    raw = b"null" if body is None else body
    refused = signed_in(alice).patch("users/me/", raw)
    assert refused.status_code == 400
    alice.refresh_from_db()
    assert (alice.username, alice.name, alice.about) == ("alice", "Alice", "")


def test_privacy_changes_what_is_given(alice: User) -> None:
    caller = signed_in(alice)
    changed = caller.patch("users/me/privacy/", {"last_seen": "nobody", "typing": False})
    assert changed.status_code == 200
    assert changed.json() == caller.get("users/me/privacy/").json()
    assert changed.json() == {
        "last_seen": "nobody",
        "online": "connections",
        "avatar": "connections",
        "about": "connections",
        "statuses": "connections",
        "read_receipts": True,
        "typing": False,
    }


@pytest.mark.parametrize("body", [{"online": "friends"}, {"typing": "no"}, {"about": None}])
def test_bad_privacy_is_refused(alice: User, body: Any) -> None:
    assert signed_in(alice).patch("users/me/privacy/", body).status_code == 400


def test_strangers_and_nobody_look_alike(
    alice: User, carol: User, ties: set[tuple[Relation, int, int]]
) -> None:
    caller = signed_in(carol)
    answers = [caller.get(f"users/{one}/") for one in (alice.pk, 1, "x", "9" * 30, "%00")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize("relation", [Relation.KNOWN, Relation.GROUP, Relation.CONNECTED])
def test_known_people_are_seen_without_their_identifiers(
    alice: User, bob: User, ties: set[tuple[Relation, int, int]], relation: Relation
) -> None:
    ties.add((relation, bob.pk, alice.pk))
    User.objects.filter(pk=alice.pk).update(about="Busy", privacy_about="everyone")
    seen = signed_in(bob).get(f"users/{alice.pk}/").json()
    assert seen == {
        "id": str(alice.pk),
        "username": "alice",
        "name": "Alice",
        "avatar_url": None,
        "about": None if relation is Relation.KNOWN else "Busy",
    }


def test_oneself_is_seen(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(about="Busy", privacy_about="nobody")
    assert signed_in(alice).get(f"users/{alice.pk}/").json()["about"] == "Busy"


@pytest.mark.parametrize(
    ("audience", "seen_by"),
    [
        ("everyone", {Relation.GROUP, Relation.CONNECTED, Relation.SELF}),
        ("connections", {Relation.CONNECTED, Relation.SELF}),
        ("nobody", {Relation.SELF}),
    ],
)
def test_audiences(audience: str, seen_by: set[Relation]) -> None:
    assert {relation for relation in Relation if allows(audience, relation)} == seen_by


def test_prefixes_of_the_world(caller: Caller) -> None:
    rows = caller.get("auth/phone-prefixes/").json()
    assert len(rows) > 240
    germany = next(row for row in rows if row["country"] == "DE")
    assert germany["name"] == "Germany"
    assert germany["prefix"] == "+49"
    assert germany["example"].startswith("+49 ")
    assert all(set(row) == {"country", "name", "prefix", "example"} for row in rows)
    assert all(row["name"] for row in rows)
