"""What time ends."""

from datetime import timedelta
from io import StringIO

from django.core.management import call_command

from accounts.models import User
from connections.actions.expiry import expire_requests, expire_tokens, forget_requests
from connections.actions.qr import make_qr
from connections.actions.requests import reject_request
from connections.models import ConnectionRequest, QrToken
from connections.tests.acts import ask, told
from core.clock import now


def test_tokens_past_their_time_are_deleted(alice: User, bob: User) -> None:
    make_qr(owner_id=alice.pk)
    make_qr(owner_id=bob.pk)
    QrToken.objects.filter(owner=alice).update(expires_at=now() - timedelta(seconds=1))
    assert expire_tokens(now(), dry_run=True) == 1
    assert QrToken.objects.count() == 2
    assert expire_tokens(now()) == 1
    assert QrToken.objects.get().owner_id == bob.pk


def test_requests_past_their_time_are_closed_and_both_are_told(
    alice: User, bob: User, carol: User
) -> None:
    old, young = ask(bob, alice), ask(carol, alice)
    at = old.expires_at
    ConnectionRequest.objects.filter(pk=young.pk).update(expires_at=at + timedelta(seconds=1))
    assert expire_requests(at, dry_run=True) == 1
    old.refresh_from_db()
    assert old.status == "pending"
    assert expire_requests(at) == 1
    assert expire_requests(at) == 0
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.status, young.status) == ("expired", "pending")
    for user in (alice, bob):
        event, data = told(user)[-1]
        assert (event, data["request"]["status"]) == ("connection:rejected", "expired")


def test_the_record_of_closed_requests_ends_after_a_month(alice: User, bob: User) -> None:
    request = ask(bob, alice)
    assert forget_requests(now() + timedelta(days=31)) == 0
    reject_request(owner_id=alice.pk, request_id=request.pk)
    assert forget_requests(now() + timedelta(days=29)) == 0
    assert forget_requests(now() + timedelta(days=31), dry_run=True) == 1
    assert forget_requests(now() + timedelta(days=31)) == 1
    assert not ConnectionRequest.objects.exists()


def test_the_command_says_what_it_cleared(alice: User, bob: User) -> None:
    ask(bob, alice)
    QrToken.objects.update(expires_at=now())
    out = StringIO()
    call_command("expire_qr_tokens", "--dry-run", stdout=out)
    call_command("expire_qr_tokens", stdout=out)
    assert out.getvalue() == "QR tokens: 1, requests: 0\n" * 2
    assert not QrToken.objects.exists()
