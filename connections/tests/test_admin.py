"""The admin shows everything but secrets, and changes nothing."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from connections.actions.qr import make_qr
from connections.models import Block, Connection, QrToken
from connections.tests.acts import ask, connect, make_person

MODELS = ("qrtoken", "connectionrequest", "connection", "block")


@pytest.fixture
def staff(db: None) -> Client:
    """A browser of an administrator."""
    client = Client()
    client.force_login(User.objects.create_superuser("root", "correct horse battery"))
    return client


@pytest.fixture
def _rows(alice: User, bob: User, carol: User, dave: User) -> None:
    connect(bob, alice)
    ask(carol, alice)
    make_qr(owner_id=alice.pk)


@pytest.mark.usefixtures("_rows")
@pytest.mark.parametrize("model", MODELS)
def test_rows_are_listed_searched_and_read_only(staff: Client, model: str) -> None:
    found = staff.get(reverse(f"admin:connections_{model}_changelist"), {"q": "alice"})
    assert found.status_code == 200
    assert b"alice" in found.content
    assert staff.get(reverse(f"admin:connections_{model}_add")).status_code == 403


@pytest.mark.usefixtures("_rows")
def test_a_row_opens_and_the_hash_of_a_token_is_nowhere(staff: Client, alice: User) -> None:
    row = QrToken.objects.get(owner=alice)
    for url in (
        reverse("admin:connections_qrtoken_change", args=[row.pk]),
        reverse("admin:connections_qrtoken_changelist"),
    ):
        response = staff.get(url)
        assert response.status_code == 200
        assert row.token_hash.encode() not in response.content
    for model in (Connection, Block):
        one = model._default_manager.first()
        assert one is not None
        name = f"admin:connections_{model._meta.model_name}_change"
        assert staff.get(reverse(name, args=[one.pk])).status_code == 200


@pytest.mark.usefixtures("_rows")
@pytest.mark.parametrize("model", MODELS)
def test_lists_take_as_many_queries_for_many_rows(
    staff: Client, alice: User, model: str, django_assert_max_num_queries: object
) -> None:
    for number in range(10):
        connect(make_person(f"p{number}"), alice)
        other = make_person(f"q{number}")
        ask(other, alice)
        Block.objects.create(blocker=other, blocked=alice)
        make_qr(owner_id=other.pk)
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        staff.get(reverse(f"admin:connections_{model}_changelist"))
