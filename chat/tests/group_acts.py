"""What people do with groups in tests, over HTTP, and what holds of every group."""

from typing import Any

from accounts.models import User
from chat.models import Chat, Membership, Message
from chat.tests.acts import API
from connections.tests.acts import as_


def create(caller: User, *members: User, **more: Any) -> Any:
    """Over HTTP."""
    body = {"kind": "group", "name": "Walks", "members": [str(one.pk) for one in members], **more}
    return as_(caller).post(API, body, format="json")


def add(caller: User, group: str, *people: User) -> Any:
    """One by ``user``, several by ``users``."""
    ids = [str(one.pk) for one in people]
    body = {"user": ids[0]} if len(ids) == 1 else {"users": ids}
    return as_(caller).post(f"{API}{group}/participants/", body, format="json")


def remove(caller: User, group: str, member: User) -> Any:
    """With oneself: leave."""
    return as_(caller).delete(f"{API}{group}/participants/{member.pk}/")


def give(caller: User, group: str, member: User, role: str) -> Any:
    """Another role."""
    path = f"{API}{group}/participants/{member.pk}/"
    return as_(caller).patch(path, {"role": role}, format="json")


def code_of(answer: Any) -> tuple[int, str]:
    """The status, and the code of a refusal."""
    return answer.status_code, answer.json()["error"]["code"]


def actions_in(group: str) -> list[tuple[str, list[str]]]:
    """What the system messages of a group say: the action, and with whom."""
    rows = Message.objects.filter(chat_id=group, kind="system").order_by("seq")
    told = [row.content or {} for row in rows]
    return [(content["action"], content["users"]) for content in told]


def roles_in(group: str) -> dict[int, str]:
    """Who is what."""
    return dict(Membership.objects.filter(chat_id=group).values_list("user_id", "role"))


def check_group(group: str) -> None:
    """What holds of every group at any time."""
    chat = Chat.objects.get(pk=group)
    roles = list(roles_in(group).values())
    assert chat.members_count == len(roles)
    assert roles.count("owner") == (1 if roles else 0)
    seqs = list(Message.objects.filter(chat=chat).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, chat.head + 1))
    for member in chat.memberships.all():
        assert member.seen <= member.delivered <= chat.head
