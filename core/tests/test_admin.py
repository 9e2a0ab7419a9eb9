"""Every model's pages in the admin."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import User
from chat.tests.acts import make_chat, mark, post
from connections.actions.people import block_person
from connections.tests.acts import ask, connect, make_person
from media.models import Blob, Hold, Medium
from moderation.actions.reports import assign_report
from moderation.tests.acts import reported

OURS = {"accounts", "connections", "presence", "media", "chat", "calls", "statuses"}
OURS |= {"moderation", "exports"}
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


@pytest.fixture
def staff(db: None) -> Client:
    """A superuser's browser, and a row of nearly every table."""
    alice, bob, carol, dave = map(make_person, ("alice", "bob", "carol", "dave"))
    connect(alice, bob)
    chat = make_chat(alice, bob)
    post(alice, chat, "hello")
    mark(bob, chat, "seen", 1)
    report = reported(alice, user=str(bob.pk))
    ask(carol, alice)
    connect(dave, alice)
    blob = Blob.objects.create(owner=alice, kind="file", mime="text/plain", uploaded_size=1, size=1)
    medium = Medium.objects.create(owner=alice, blob=blob, name="notes.txt")
    Hold.objects.create(medium=medium, kind="message", holder_id=1)
    block_person(blocker_id=alice.pk, blocked_id=dave.pk)
    client = Client()
    root = User.objects.create_superuser("root", "correct horse battery")
    assign_report(root, report.pk)
    client.force_login(root)
    return client


def page(model: type[Model], name: str, *args: Any) -> str:
    """A page's address."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_the_pages_of_a_model_render(model: type[Model], staff: Client) -> None:
    searches = ["", "?q=alice", "?q=1", "?q=%00", "?q=%F0%9F%98%80+%27%22", "?q=" + "9" * 30]
    for search in searches:
        answer = staff.get(page(model, "changelist") + search)
        assert answer.status_code == 200, search
    if admin.site._registry[model].has_add_permission(_request(staff)):
        assert staff.get(page(model, "add")).status_code == 200
    row = model._default_manager.first()
    if row is not None:
        assert staff.get(page(model, "change", row.pk)).status_code == 200
        assert staff.get(page(model, "history", row.pk)).status_code in {200, 403}
    for odd in ("1", "9" * 30, "nope"):
        assert staff.get(page(model, "change", odd), follow=True).status_code in {200, 404}


def _request(client: Client) -> Any:
    answer = client.get("/admin/")
    assert answer.status_code == 200
    return answer.wsgi_request


def test_every_model_of_ours_is_there() -> None:
    ours = {model for model in apps.get_models() if model._meta.app_label in OURS}
    missing = {model._meta.label for model in ours - set(MODELS)}
    assert missing == set()


def test_staff_read_no_texts(staff: Client) -> None:
    from chat.models import Message

    for name, args in (("changelist", ()), ("change", (Message.objects.get().pk,))):
        assert "hello" not in staff.get(page(Message, name, *args)).content.decode()


def test_people_who_are_not_staff_stay_out(staff: Client) -> None:
    client = Client()
    client.force_login(User.objects.get(username="alice"))
    for model in MODELS:
        assert client.get(page(model, "changelist")).status_code == 302
