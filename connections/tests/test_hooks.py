"""What this app tells accounts: who sees whom, and what an erased person leaves."""

from accounts.access import relation_of
from accounts.erasure import erase
from accounts.models import User
from accounts.privacy import Relation
from connections.actions.people import block_person, remove_connection
from connections.actions.qr import make_qr
from connections.actions.requests import reject_request
from connections.models import Block, Connection, ConnectionRequest, QrToken
from connections.tests.acts import as_, ask, connect, told


def profile(viewer: User, user: User) -> int:
    """The status of the viewer's look at somebody."""
    return int(as_(viewer).get(f"/api/v1/users/{user.pk}/").status_code)


def test_connected_people_see_each_other(alice: User, bob: User, carol: User) -> None:
    connect(bob, alice)
    assert relation_of(alice.pk, bob.pk) is relation_of(bob.pk, alice.pk) is Relation.CONNECTED
    assert profile(alice, bob) == profile(bob, alice) == 200
    assert profile(carol, alice) == profile(alice, carol) == 404
    remove_connection(user_id=alice.pk, other_id=bob.pk)
    assert profile(alice, bob) == profile(bob, alice) == 404


def test_both_sides_of_an_open_request_see_each_other(alice: User, bob: User) -> None:
    request = ask(bob, alice)
    assert relation_of(alice.pk, bob.pk) is relation_of(bob.pk, alice.pk) is Relation.KNOWN
    assert profile(alice, bob) == profile(bob, alice) == 200
    reject_request(owner_id=alice.pk, request_id=request.pk)
    assert profile(alice, bob) == profile(bob, alice) == 404


def test_a_block_ends_what_a_connection_showed(alice: User, bob: User, dave: User) -> None:
    connect(bob, alice)
    block_person(blocker_id=alice.pk, blocked_id=bob.pk)
    assert profile(alice, bob) == profile(bob, alice) == 404
    assert profile(dave, alice) == 404


def test_an_erased_person_leaves_nothing_and_those_who_knew_them_are_told(
    alice: User, bob: User, carol: User, dave: User
) -> None:
    connect(bob, alice)
    ask(carol, alice)
    make_qr(owner_id=alice.pk)
    erase(alice.pk)
    assert not Connection.objects.exists()
    assert not ConnectionRequest.objects.exists()
    assert not Block.objects.exists()
    assert not QrToken.objects.filter(owner=alice).exists()
    for friend in (bob, carol):
        event, data = told(friend)[-1]
        assert (event, data["user"]) == ("user:erased", str(alice.pk))
    assert told(dave) == []
