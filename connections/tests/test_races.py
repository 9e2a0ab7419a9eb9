"""What must hold whatever the order in which things commit."""

from functools import partial

import pytest
from django.test import override_settings

from accounts.erasure import erase
from accounts.models import User
from connections.actions.people import block_person, remove_connection, unblock_person
from connections.actions.qr import make_qr, scan
from connections.actions.requests import accept_request, reject_request, withdraw_request
from connections.models import Block, Connection, ConnectionRequest, QrToken
from connections.tests.acts import API, as_, ask, at_once, connect, make_person
from core.errors import AppError

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 8


def people(count: int) -> list[User]:
    """Fresh people."""
    return [make_person(f"person{number}") for number in range(count)]


def test_of_forty_scans_of_one_token_one_wins() -> None:
    owner, *scanners = people(41)
    token = make_qr(owner_id=owner.pk).token

    def read(scanner: User) -> int:
        return int(as_(scanner).post(f"{API}scan/", {"token": token}, format="json").status_code)

    answers = at_once([partial(read, scanner) for scanner in scanners])
    assert sorted(answers) == [201] + [410] * 39
    assert ConnectionRequest.objects.count() == 1


@override_settings(RATE_LIMITS=False)
def test_of_forty_scans_by_one_person_one_wins() -> None:
    owner, scanner = people(2)
    token = make_qr(owner_id=owner.pk).token
    scans = [partial(scan, scanner_id=scanner.pk, token=token)] * 40
    answers = at_once(scans)
    assert sum(isinstance(answer, ConnectionRequest) for answer in answers) == 1
    assert ConnectionRequest.objects.count() == 1


def test_of_two_codes_asked_for_at_once_one_works() -> None:
    owner, scanner = people(2)
    shown = at_once([partial(make_qr, owner_id=owner.pk)] * 8)
    working = 0
    for qr in shown:
        try:
            scan(scanner_id=scanner.pk, token=qr.token)
        except AppError as error:
            assert error.code == "qr_gone"
        else:
            working += 1
    assert working == 1


def test_accept_reject_and_withdraw_one_stands() -> None:
    for _ in range(ROUNDS):
        owner, scanner = (make_person(f"p{n}x{ConnectionRequest.objects.count()}") for n in "ab")
        request = ask(scanner, owner)
        answers = at_once(
            [
                partial(accept_request, owner_id=owner.pk, request_id=request.pk),
                partial(reject_request, owner_id=owner.pk, request_id=request.pk),
                partial(withdraw_request, scanner_id=scanner.pk, request_id=request.pk),
                partial(accept_request, owner_id=owner.pk, request_id=request.pk),
            ]
        )
        won = [answer for answer in answers if isinstance(answer, ConnectionRequest)]
        lost = [answer for answer in answers if isinstance(answer, AppError)]
        assert (len(won), len(lost)) == (1, 3), answers
        assert {error.code for error in lost} == {"not_pending"}
        request.refresh_from_db()
        assert request.status == won[0].status
        connected = Connection.objects.filter(low=min(owner.pk, scanner.pk)).count()
        assert connected == (request.status == "accepted")


def test_crossing_scans_make_one_request() -> None:
    for number in range(ROUNDS):
        alice, bob = make_person(f"alice{number}"), make_person(f"bob{number}")
        of_alice, of_bob = make_qr(owner_id=alice.pk).token, make_qr(owner_id=bob.pk).token
        answers = at_once(
            [
                partial(scan, scanner_id=alice.pk, token=of_bob),
                partial(scan, scanner_id=bob.pk, token=of_alice),
            ]
        )
        refusals = [answer.code for answer in answers if isinstance(answer, AppError)]
        assert refusals == ["request_pending"], answers
    assert ConnectionRequest.objects.filter(status="pending").count() == ROUNDS


def test_a_block_beats_an_acceptance_whatever_comes_first() -> None:
    for number in range(ROUNDS):
        alice, bob = make_person(f"alice{number}"), make_person(f"bob{number}")
        request = ask(bob, alice)
        blocker, blocked = (alice, bob) if number % 2 else (bob, alice)
        answers = at_once(
            [
                partial(accept_request, owner_id=alice.pk, request_id=request.pk),
                partial(block_person, blocker_id=blocker.pk, blocked_id=blocked.pk),
            ]
        )
        assert not isinstance(answers[1], Exception), answers
        assert not Connection.objects.exists()
    assert not ConnectionRequest.objects.filter(status="pending").exists()
    assert Block.objects.count() == ROUNDS


def test_a_block_beats_a_scan_whatever_comes_first() -> None:
    for number in range(ROUNDS):
        alice, bob = make_person(f"alice{number}"), make_person(f"bob{number}")
        connect(alice, bob)
        remove_connection(user_id=alice.pk, other_id=bob.pk)
        token = make_qr(owner_id=alice.pk).token
        at_once(
            [
                partial(scan, scanner_id=bob.pk, token=token),
                partial(block_person, blocker_id=alice.pk, blocked_id=bob.pk),
            ]
        )
        assert not ConnectionRequest.objects.filter(status="pending").exists()


def test_nothing_is_left_of_who_is_erased_meanwhile() -> None:
    for number in range(ROUNDS):
        alice, bob, carol = (make_person(f"{name}{number}") for name in ("alice", "bob", "carol"))
        connect(carol, alice)
        request, token = ask(bob, alice), make_qr(owner_id=alice.pk).token
        answers = at_once(
            [
                partial(erase, alice.pk),
                partial(accept_request, owner_id=alice.pk, request_id=request.pk),
                partial(scan, scanner_id=carol.pk, token=token),
                partial(make_qr, owner_id=alice.pk),
                partial(remove_connection, user_id=carol.pk, other_id=alice.pk),
                partial(block_person, blocker_id=carol.pk, blocked_id=alice.pk),
            ]
        )
        assert [
            answer
            for answer in answers
            if isinstance(answer, Exception) and not isinstance(answer, AppError)
        ] == []
        assert not QrToken.objects.filter(owner=alice).exists()
    assert not Block.objects.exists()
    assert not Connection.objects.exists()
    assert not ConnectionRequest.objects.exists()


def test_every_pair_of_acts_at_once_neither_hangs_nor_breaks() -> None:
    alice, bob = people(2)
    acts = [
        lambda: scan(scanner_id=bob.pk, token=make_qr(owner_id=alice.pk).token),
        lambda: scan(scanner_id=alice.pk, token=make_qr(owner_id=bob.pk).token),
        lambda: remove_connection(user_id=alice.pk, other_id=bob.pk),
        lambda: remove_connection(user_id=bob.pk, other_id=alice.pk),
        lambda: block_person(blocker_id=alice.pk, blocked_id=bob.pk),
        lambda: unblock_person(blocker_id=alice.pk, blocked_id=bob.pk),
        lambda: block_person(blocker_id=bob.pk, blocked_id=alice.pk),
        lambda: unblock_person(blocker_id=bob.pk, blocked_id=alice.pk),
        lambda: accept_request(owner_id=alice.pk, request_id=ConnectionRequest.objects.all()[0].pk),
        lambda: reject_request(owner_id=bob.pk, request_id=ConnectionRequest.objects.all()[0].pk),
    ]
    connect(alice, bob)
    for _ in range(3):
        for answer in at_once(acts * 3):
            assert (
                answer is None or not isinstance(answer, Exception) or isinstance(answer, AppError)
            ), repr(answer)
        assert ConnectionRequest.objects.filter(status="pending").count() <= 1
        assert Connection.objects.count() <= 1
        if Block.objects.exists():
            assert not Connection.objects.exists()
            assert not ConnectionRequest.objects.filter(status="pending").exists()


def test_one_pair_removed_from_both_sides_at_once_is_removed_once() -> None:
    alice, bob = people(2)
    connect(alice, bob)
    answers = at_once(
        [
            partial(remove_connection, user_id=alice.pk, other_id=bob.pk),
            partial(remove_connection, user_id=bob.pk, other_id=alice.pk),
        ]
    )
    assert sum(answer is None for answer in answers) == 1
