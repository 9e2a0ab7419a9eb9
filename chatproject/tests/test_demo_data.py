"""The people and chats that commands make look like those that people make."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import User
from chat.models import Chat, Reaction
from chat.tests.group_acts import actions_in, check_group, roles_in
from connections.tests.acts import as_

pytestmark = pytest.mark.django_db


def test_demo_data_has_a_group_with_a_life() -> None:
    call_command("demo_data")
    group = Chat.objects.get(kind="group")
    alice = User.objects.get(username="alice")
    said = [action for action, _ in actions_in(str(group.pk))]
    assert said[:5] == ["created", "renamed", "described", "promoted", "added"]
    assert said[5:] == ["avatar"]
    assert sorted(roles_in(str(group.pk)).values()) == ["admin", *["member"] * 3, "owner"]
    assert Reaction.objects.filter(chat=group).count() == 11
    shown = as_(alice).get(f"/api/v1/chats/{group.pk}/messages/").json()["results"]
    assert [one["created_at"] for one in shown] == sorted(one["created_at"] for one in shown)
    assert sum(one["reply_to"] is not None for one in shown) == 5
    files = [file for one in shown for file in one["attachments"]]
    assert [file["kind"] for file in files] == ["image", "image", "image", "voice", "file"]
    assert {file["state"] for file in files} == {"ready"}
    calls = as_(alice).get("/api/v1/calls/").json()["results"]
    assert [(call["reason"], call["started_at"] is None) for call in calls] == [
        ("cancelled", True),
        ("completed", False),
    ]
    statuses = as_(alice).get("/api/v1/statuses/").json()["results"]
    assert len(statuses) == 3


def test_seeded_groups_are_groups(tmp_path: Path) -> None:
    out = tmp_path / "seed.json"
    call_command("seed_load", users=5, group=[5, 1], messages=3, out=out)
    seed = json.loads(out.read_text())
    for group, size in zip(seed["groups"], (5, 1), strict=True):
        check_group(group)
        assert Chat.objects.get(pk=group).last_seq == 3
        owner = User.objects.get(username="u0")
        shown = as_(owner).get(f"/api/v1/chats/{group}/").json()
        assert (shown["members_count"], shown["me"]["role"]) == (size, "owner")
        assert (shown["head"], shown["last_message"]["seq"]) == (3, 3)
