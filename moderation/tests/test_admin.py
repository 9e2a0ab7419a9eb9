"""The admin of moderation: what staff see and do there, and that all of it is written down."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin as django_admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import Counter, Device, User
from chat.models import Message
from chat.tests.acts import post
from core.clock import now
from moderation.admin.acts import ON_PEOPLE, ON_REPORTS
from moderation.models import AuditEntry, Report
from moderation.tests.acts import reported

pytestmark = pytest.mark.django_db

QUEUE = "/admin/moderation/report/"
NASTY = "<script>alert(1)</script> {{ 7|add:7 }} &amp;"
FILLED = {
    "reason": "because it is so",
    "answer": "Thank you.",
    "text": "Be kind.",
    "hours": "24",
    "confirmed": "yes",
}


def browser_of(staff: User) -> Client:
    """Signed in to the admin."""
    client = Client()
    client.force_login(staff)
    return client


@pytest.fixture
def report(alice: User, bob: User, chat: str) -> Report:
    """Alice has reported what bob said."""
    post(alice, chat, "hello there")
    return reported(alice, chat=chat, seq=post(bob, chat, NASTY).seq, comment=NASTY)


def audit(act: str) -> list[tuple[str, str, str]]:
    """Who did it, to what, and why."""
    rows = AuditEntry.objects.filter(act=act).order_by("pk")
    return list(rows.values_list("actor__username", "target", "reason"))


def act_path(report: Report, act: str) -> str:
    """The page behind a button."""
    return reverse("admin:moderation_act", args=[report.pk, act])


def test_evidence_is_text_and_seeing_it_is_written_down(report: Report, moderator: User) -> None:
    browser = browser_of(moderator)
    queue = browser.get(QUEUE).content.decode()
    assert "alert(1)" not in queue and "hello there" not in queue
    assert audit("evidence") == []
    page = browser.get(
        f"{QUEUE}{report.pk}/change/", headers={"X-Request-ID": "req-7"}
    ).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7|add:7 }} &amp;amp;" in page
    assert "hello there" in page
    assert audit("evidence") == [("mira", f"report:{report.pk}", "")]
    assert AuditEntry.objects.get().request_id == "req-7"
    for act in ("assign", "dismiss", "delete", "warn", "suspend", "ban", "resolve"):
        assert act_path(report, act) in page
    assert browser.get(f"{QUEUE}1/change/").status_code == 302
    assert len(audit("evidence")) == 1


@pytest.mark.parametrize("act", list(ON_REPORTS))
def test_each_button_asks_and_acts(act: str, report: Report, bob: User, moderator: User) -> None:
    browser = browser_of(moderator)
    path = act_path(report, act)
    assert browser.get(path).status_code == 200
    report.refresh_from_db()
    assert report.state == "open", "a GET changes nothing"
    if act != "assign":
        assert browser.post(path, {"reason": " ", "hours": "0"}).status_code == 200
        report.refresh_from_db()
        assert report.state == "open", "nothing without a reason"
    answer = browser.post(path, FILLED, follow=True)
    assert answer.redirect_chain == [(f"{QUEUE}{report.pk}/change/", 302)]
    assert ON_REPORTS[act].done in answer.content.decode()
    report.refresh_from_db()
    assert report.state == {"assign": "assigned", "dismiss": "dismissed"}.get(act, "resolved")
    assert report.answer == ("" if act == "assign" else "Thank you.")
    bob.refresh_from_db()
    assert bob.is_active == (act not in {"suspend", "ban"})
    # Twice does not work, and says so.
    if act != "assign":
        again = browser.post(path, FILLED)
        assert "This report has been decided." in again.content.decode() or act == "delete"
        assert again.status_code == 200


def test_people_are_dealt_with_on_their_page(bob: User, moderator: User) -> None:
    browser = browser_of(moderator)
    page_path = f"/admin/accounts/user/{bob.pk}/change/"
    for act in ("warn", "suspend", "lift", "ban", "lift"):
        path = reverse("admin:moderation_person", args=[bob.pk, act])
        assert path in browser.get(page_path).content.decode()
        assert browser.get(path).status_code == 200
        assert browser.post(path, FILLED)["Location"] == page_path
        bob.refresh_from_db()
        assert bob.is_active == (act in {"warn", "lift"})
        assert (bob.suspended_until is None) == (act != "suspend")
    acts = AuditEntry.objects.order_by("pk").values_list("act", "target")
    assert [act for act, _ in acts] == ["warn", "suspend", "lift", "ban", "lift"]
    assert {target for _, target in acts} == {f"user:{bob.pk}"}
    for odd in ("nope", "assign"):
        assert (
            browser.get(reverse("admin:moderation_person", args=[bob.pk, odd])).status_code == 404
        )
    assert browser.get(reverse("admin:moderation_person", args=[1, "warn"])).status_code == 404


def test_the_lists_actions(report: Report, alice: User, bob: User, moderator: User) -> None:
    browser = browser_of(moderator)
    other = reported(alice, user=str(bob.pk))
    chosen = {"_selected_action": [report.pk, other.pk]}
    browser.post(QUEUE, {"action": "assign_to_me", **chosen})
    assert set(Report.objects.values_list("state", "assignee")) == {("assigned", moderator.pk)}
    assert browser.get(f"{QUEUE}?mine=yes").context["cl"].result_count == 2
    asked = browser.post(QUEUE, {"action": "dismiss", **chosen})
    assert re.findall(r'name="_selected_action" value="(\d+)"', asked.content.decode())
    assert set(Report.objects.values_list("state", flat=True)) == {"assigned"}
    browser.post(QUEUE, {"action": "dismiss", **chosen, **FILLED})
    assert set(Report.objects.values_list("state", "answer")) == {("dismissed", "Thank you.")}
    again = browser.post(QUEUE, {"action": "dismiss", **chosen, **FILLED}, follow=True)
    assert again.content.decode().count("This report has been decided.") == 2
    assert len(audit("dismiss")) == 2


def test_messages_are_read_with_a_reason_only(
    alice: User, bob: User, chat: str, moderator: User, settings: Any
) -> None:
    settings.STAFF_READ_MESSAGES_MAX = 4
    for n in range(8):
        post((alice, bob)[n % 2], chat, f"line-{n + 1} <b>")
    Message.objects.filter(chat_id=int(chat), seq=5).update(expires_at=now())
    browser = browser_of(moderator)
    path = reverse("admin:moderation_messages")
    wanted = {"chat": chat, "seq": "4"}
    page = browser.get(path, {**wanted, "reason": "given by GET"}).content.decode()
    assert "line-" not in page
    for given in ({}, {"reason": " "}, {"reason": "short"}):
        assert "line-" not in browser.post(path, {**wanted, **given}).content.decode()
    assert audit("messages") == []
    page = browser.post(path, {**wanted, "reason": "A court asks for it."}).content.decode()
    assert re.findall(r"line-\d", page) == ["line-2", "line-3", "line-4", "line-6"]
    assert "<b>" not in page
    assert audit("messages") == [("mira", f"message:{chat}-4", "A court asks for it.")]
    gone = browser.post(path, {**wanted, "chat": "1", "reason": "A court asks for it."})
    assert "There is no such" in gone.content.decode()
    assert len(audit("messages")) == 1


def test_texts_cannot_be_guessed_through_the_address(
    report: Report, bob: User, moderator: User, admin: User
) -> None:
    User.objects.filter(pk=bob.pk).update(email="bob@example.com")
    for staff, path, lookup in (
        (moderator, QUEUE, "evidence__message__text__startswith"),
        (moderator, QUEUE, "comment__contains"),
        (moderator, "/admin/accounts/user/", "email__startswith"),
        (moderator, "/admin/accounts/user/", "password__startswith"),
        (admin, "/admin/chat/message/", "text__startswith"),
        (admin, "/admin/chat/membership/", "draft__startswith"),
        (admin, "/admin/accounts/device/", "user__email__startswith"),
        (admin, "/admin/accounts/challenge/", "code_hash__startswith"),
    ):
        assert browser_of(staff).get(path, {lookup: "b"}).status_code == 400, lookup
    found = browser_of(moderator).get("/admin/accounts/user/", {"q": "bob@example.com"})
    assert found.context["cl"].result_count == 0
    page = browser_of(moderator).get(f"/admin/accounts/user/{bob.pk}/change/").content.decode()
    assert "bob@example.com" not in page


def test_what_the_admin_changes_is_in_the_audit_log(bob: User, admin: User) -> None:
    device = Device.objects.create(user=bob, name="Phone")
    chosen = {"_selected_action": [device.pk]}
    browser_of(admin).post("/admin/accounts/device/", {"action": "sign_out", **chosen})
    device.refresh_from_db()
    assert device.revoked_at is not None
    root = User.objects.create_superuser("root")
    Counter.objects.create(key="scan:1", hits=[now()], expires_at=now())
    browser_of(root).post("/admin/accounts/counter/scan_3A1/delete/", {"post": "yes"})
    assert not Counter.objects.filter(key="scan:1").exists()
    assert audit("admin") == [
        ("ada", f"user:{bob.pk}", f"Change. Signed out device {device.pk}."),
        ("root", "counter:scan:1", "Deletion."),
    ]


# --- Role by page by method ----------------------------------------------------------------------

MODERATORS_SEE = {"moderation.report", "accounts.user", "procrastinate.procrastinatejob"}
MODELS = sorted(django_admin.site._registry, key=lambda model: model._meta.label)


def pages(model: type[Model], pk: Any) -> Iterator[str]:
    """Every page that Django makes for a model."""
    base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    yield reverse(f"{base}_changelist")
    yield reverse(f"{base}_add")
    for name in ("change", "delete", "history"):
        yield reverse(f"{base}_{name}", args=[pk])


def forged(path: str, pk: Any) -> list[dict[str, Any]]:
    """What no page offers: rows edited in the list, actions, rights."""
    rights = {"is_superuser": "on", "is_staff": "on", "username": "forged", "state": "dismissed"}
    if path.endswith(("/add/", "/change/", "/delete/")):
        return [{**rights, "post": "yes"}]
    rows = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": pk, "_save": "Save"}
    actions = ("delete_selected", "suspend", "sign_out", "dismiss", "assign_to_me")
    return [
        {**rows, **{f"form-0-{name}": it for name, it in rights.items()}},
        *({"action": name, "_selected_action": [pk], "post": "yes"} for name in actions),
    ]


def world() -> str:
    """What must not change: people and their rights, reports, devices, texts."""
    return str(
        [
            list(User.objects.order_by("pk").values()),
            list(User.groups.through.objects.order_by("pk").values()),
            list(User.user_permissions.through.objects.order_by("pk").values()),
            list(Report.objects.order_by("pk").values()),
            list(Device.objects.order_by("pk").values()),
            list(Message.objects.order_by("pk").values("pk", "text")),
            Counter.objects.count(),
        ]
    )


@pytest.mark.parametrize("role", ["nobody", "person", "staff", "moderator", "admin"])
def test_each_role_sees_its_pages_and_forges_nothing(
    role: str, report: Report, bob: User, moderator: User, admin: User
) -> None:
    Device.objects.create(user=bob, name="Phone")
    root = User.objects.create_superuser("root")
    bare = User.objects.create_user("bare", is_staff=True)
    who = {"person": bob, "staff": bare, "moderator": moderator, "admin": admin}.get(role)
    browser = Client()
    if who is not None:
        browser.force_login(who)
    before = world()
    for model in MODELS:
        label = model._meta.label_lower
        row = root if model is User else model._default_manager.first()
        pk = "1" if row is None else row.pk
        for path in pages(model, pk):
            status = browser.get(path).status_code
            if role in {"nobody", "person"}:
                assert status == 302, path
            elif role == "staff" or (role == "moderator" and label not in MODERATORS_SEE):
                assert status == 403 or (status == 302 and row is None), path
            elif path.endswith(("/add/", "/delete/")):
                assert status in {403, 302}, path
            for data in forged(path, pk):
                if role != "nobody" and label == "moderation.report" and path == QUEUE:
                    if data.get("action") in {"dismiss", "assign_to_me"}:
                        continue  # these are the roles' own; see below
                if role == "admin" and data.get("action") == "sign_out":
                    continue
                status = browser.post(path, data).status_code
                is_reading = path.endswith((f"/{model._meta.model_name}/", "/history/"))
                assert status in {302, 403} or (status == 200 and is_reading), path
    # The buttons of moderation, with everything filled in.
    if role in {"nobody", "person", "staff"}:
        buttons = [act_path(report, act) for act in ON_REPORTS]
        buttons += [reverse("admin:moderation_person", args=[bob.pk, act]) for act in ON_PEOPLE]
        buttons.append(reverse("admin:moderation_messages"))
        for path in buttons:
            for answer in (browser.get(path), browser.post(path, FILLED)):
                assert answer.status_code == (403 if role == "staff" else 302), path
        for action in ("dismiss", "assign_to_me"):
            chosen = {"action": action, "_selected_action": [report.pk], **FILLED}
            assert browser.post(QUEUE, chosen).status_code in {302, 403}
    for person in (root, moderator if role == "moderator" else root):
        for act in ON_PEOPLE:
            browser.post(reverse("admin:moderation_person", args=[person.pk, act]), FILLED)
    assert world() == before
    assert AuditEntry.objects.exclude(act="evidence").count() == 0


def test_forms_need_their_token(report: Report, moderator: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(moderator)
    assert browser.post(act_path(report, "dismiss"), FILLED).status_code == 403
    report.refresh_from_db()
    assert report.state == "open"


def test_rights_are_given_by_superusers_only(bob: User, moderator: User, admin: User) -> None:
    from django.contrib.auth.models import Permission

    admin.user_permissions.add(Permission.objects.get(codename="change_user"))
    browser = browser_of(User.objects.get(pk=admin.pk))
    path = f"/admin/accounts/user/{bob.pk}/change/"
    form = browser.get(path).context["adminform"].form
    assert not {"is_staff", "is_superuser", "groups", "is_active"} & set(form.fields)
    data = {name: form[name].value() or "" for name in form.fields}
    data |= {"name": "Robert", "is_staff": "on", "is_superuser": "on", "is_active": ""}
    data.pop("read_receipts"), data.pop("typing")
    assert browser.post(path, data).status_code == 302
    bob.refresh_from_db()
    assert (bob.name, bob.is_staff, bob.is_superuser, bob.is_active) == (
        "Robert", False, False, True
    )  # fmt: skip
    assert browser.post(f"/admin/accounts/user/{moderator.pk}/change/", data).status_code == 403
    assert browser.get(f"/admin/accounts/user/{moderator.pk}/password/").status_code == 403
