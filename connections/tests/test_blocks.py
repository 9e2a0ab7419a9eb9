"""Blocking people."""

from typing import Any

from accounts.models import User
from connections.models import Block
from connections.queries import are_connected, blocked_between, blocked_either_way
from connections.tests.acts import API, as_, ask, connect, make_person, told

BLOCKS = f"{API}blocks/"


def block(user: User, other: User) -> Any:
    """The user blocks the other."""
    return as_(user).post(BLOCKS, {"user": str(other.pk)}, format="json")


def test_a_block_ends_the_connection(alice: User, bob: User) -> None:
    connect(bob, alice)
    response = block(alice, bob)
    assert response.status_code == 201
    assert response.json()["user"] == str(bob.pk)
    assert not are_connected(alice.pk, bob.pk)
    assert blocked_between(bob.pk, alice.pk)
    assert blocked_either_way(bob.pk, [alice.pk, bob.pk]) == {alice.pk}


def test_the_blocked_one_hears_what_a_removal_says(alice: User, bob: User, carol: User) -> None:
    connect(bob, alice)
    connect(carol, alice)
    block(alice, bob)
    as_(alice).delete(f"{API}{carol.pk}/")
    of_bob = [(event, set(data)) for event, data in told(bob)]
    of_carol = [(event, set(data)) for event, data in told(carol)]
    assert of_bob == of_carol
    assert told(bob)[-1][1]["user"] == str(alice.pk)


def test_the_blockers_devices_are_told(alice: User, bob: User) -> None:
    connect(bob, alice)
    block(alice, bob)
    assert [event for event, _ in told(alice)][-2:] == [
        "connection:removed",
        "connection:blocked",
    ]
    as_(alice).delete(f"{BLOCKS}{bob.pk}/")
    assert told(alice)[-1][0] == "connection:unblocked"
    assert told(bob)[-1][0] == "connection:removed"


def test_a_block_closes_the_open_request(alice: User, bob: User, carol: User) -> None:
    to_me, mine = ask(bob, alice), ask(alice, carol)
    assert block(alice, bob).status_code == 201
    assert block(alice, carol).status_code == 201
    to_me.refresh_from_db()
    mine.refresh_from_db()
    assert (to_me.status, mine.status) == ("rejected", "withdrawn")
    assert told(bob)[-1][0] == told(carol)[-1][0] == "connection:rejected"
    assert as_(alice).post(f"{API}requests/{to_me.pk}/accept/").status_code == 409


def test_a_block_outlives_a_later_code(alice: User, bob: User) -> None:
    connect(bob, alice)
    block(alice, bob)
    for scanner, owner in ((bob, alice), (alice, bob)):
        token = as_(owner).post(f"{API}qr/").json()["token"]
        response = as_(scanner).post(f"{API}scan/", {"token": token}, format="json")
        assert response.status_code == 410


def test_unblocking_does_not_restore_the_connection(alice: User, bob: User) -> None:
    connect(bob, alice)
    block(alice, bob)
    assert as_(alice).delete(f"{BLOCKS}{bob.pk}/").status_code == 204
    assert not are_connected(alice.pk, bob.pk)
    assert not blocked_between(alice.pk, bob.pk)
    assert as_(alice).delete(f"{BLOCKS}{bob.pk}/").status_code == 404
    connect(bob, alice)
    assert are_connected(alice.pk, bob.pk)


def test_blocking_twice_is_one_block(alice: User, bob: User) -> None:
    connect(bob, alice)
    first, second = block(alice, bob), block(alice, bob)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert Block.objects.count() == 1


def test_strangers_cannot_be_blocked_nor_found_out(alice: User, bob: User, carol: User) -> None:
    answers = [block(alice, carol)]
    for unknown in ("1", "no-id", "9" * 30):
        answers.append(as_(alice).post(BLOCKS, {"user": unknown}, format="json"))
    assert {answer.status_code for answer in answers} == {404}
    assert len({str(answer.json()) for answer in answers}) == 1


def test_someone_who_once_asked_can_be_blocked(alice: User, bob: User) -> None:
    as_(alice).post(f"{API}requests/{ask(bob, alice).pk}/reject/")
    assert block(alice, bob).status_code == 201


def test_nobody_blocks_oneself(alice: User) -> None:
    response = block(alice, alice)
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "own_block"


def test_being_blocked_does_not_show(alice: User, dave: User) -> None:
    assert as_(dave).get(BLOCKS).json()["results"] == []
    assert as_(dave).delete(f"{BLOCKS}{alice.pk}/").status_code == 404


def test_both_may_block_each_other(alice: User, bob: User) -> None:
    connect(bob, alice)
    assert block(alice, bob).status_code == 201
    assert block(bob, alice).status_code == 201
    as_(alice).delete(f"{BLOCKS}{bob.pk}/")
    assert blocked_between(alice.pk, bob.pk)


def test_the_list_pages_in_two_queries(alice: User, django_assert_num_queries: object) -> None:
    for number in range(30):
        person = make_person(f"person{number}")
        Block.objects.create(blocker=alice, blocked=person)
    client = as_(alice)
    first = client.get(BLOCKS, {"limit": 20}).json()
    with django_assert_num_queries(2):  # type: ignore[operator]  # blocks, people
        rest = client.get(BLOCKS, {"limit": 20, "cursor": first["next"]}).json()
    assert rest["next"] is None
    ids = [row["user"] for row in first["results"] + rest["results"]]
    assert len(set(ids)) == 30
    assert set(rest["users"]) == set(ids[20:])


def test_bad_bodies_are_400(alice: User) -> None:
    for body in (b"{}", b"[]", b'{"user": 5}', b'{"user": null}', b'{"user": "\\u0000"}', b"x"):
        response = as_(alice).post(BLOCKS, body, content_type="application/json")
        assert response.status_code == 400, body
