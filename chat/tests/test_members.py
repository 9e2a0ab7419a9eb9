"""Roles in groups: who may do what, and what is left to those who go."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.log import head
from accounts.models import User
from chat.actions.members import add_members, remove_member, set_role
from chat.models import Chat, Exclusion, Membership
from chat.tests.acts import API, make_group, mark, names, post, sync_once
from chat.tests.group_acts import actions_in, add, check_group, code_of, give, remove, roles_in
from connections.tests.acts import as_, join, make_person, told
from core.errors import AppError
from realtime.tests.process import Process, Socket, wait_for
from realtime.tests.published import Published

Role = Membership.Role


@pytest.fixture
def cast(alice: User, bob: User) -> tuple[str, dict[str, User]]:
    """A group with somebody in each role; all are connected to everybody in it and to zoe."""
    people = {"owner": alice, "admin": make_person("andy"), "other_admin": make_person("anna")}
    people |= {"member": bob, "other": make_person("otto"), "zoe": make_person("zoe")}
    for person in (people["admin"], people["other_admin"], people["other"], people["zoe"]):
        join(person, alice)
    for person in (people["admin"], bob):
        join(people["zoe"], person)
    group = make_group(alice, *(people[one] for one in ("admin", "other_admin", "member", "other")))
    for one in ("admin", "other_admin"):
        set_role(alice.pk, group, str(people[one].pk), Role.ADMIN)
    return group, people


#: Each act by each role: the code of the refusal, None where it is allowed.
ACTS: list[tuple[str, tuple[str, ...], dict[str, str | None]]] = [
    ("add", ("zoe",), {"owner": None, "admin": None, "member": "admins_only"}),
    ("remove", ("other",), {"owner": None, "admin": None, "member": "admins_only"}),
    ("remove", ("other_admin",),
     {"owner": None, "admin": "owner_only", "member": "admins_only"}),
    ("remove", ("owner",), {"owner": None, "admin": "owner_stays", "member": "admins_only"}),
    ("give", ("other", "admin"), {"owner": None, "admin": "owner_only", "member": "owner_only"}),
    ("give", ("other_admin", "member"),
     {"owner": None, "admin": "owner_only", "member": "owner_only"}),
    ("give", ("other", "owner"), {"owner": None, "admin": "owner_only", "member": "owner_only"}),
    ("give", ("owner", "member"),
     {"owner": "owner_needed", "admin": "owner_only", "member": "owner_only"}),
    ("leave", (), {"owner": None, "admin": None, "member": None}),
]  # fmt: skip


@pytest.mark.parametrize("role", ["owner", "admin", "member", "zoe"])
@pytest.mark.parametrize("act", ACTS, ids=lambda act: f"{act[0]} {' '.join(act[1])}")
def test_who_may_do_what(
    cast: tuple[str, dict[str, User]],
    role: str,
    act: tuple[str, tuple[str, ...], dict[str, str | None]],
) -> None:
    group, people = cast
    me = people[role]
    before = roles_in(group)
    name, args, refusals = act
    match name:
        case "add":
            answer = add(me, group, people[args[0]])
        case "remove":
            answer = remove(me, group, people[args[0]])
        case "leave":
            answer = remove(me, group, me)
        case _:
            answer = give(me, group, people[args[0]], args[1])
    if role == "zoe":
        assert code_of(answer) == (404, "chat_not_found")
    elif (refusal := refusals[role]) is not None:
        assert code_of(answer) == (409 if refusal == "owner_needed" else 403, refusal)
    else:
        assert answer.status_code in {200, 201, 204}
        assert roles_in(group) != before
        check_group(group)
        return
    assert roles_in(group) == before


def test_where_all_may_invite_members_add_their_own_connections(
    cast: tuple[str, dict[str, User]], alice: User
) -> None:
    group, people = cast
    Chat.objects.filter(pk=group).update(invite="all")
    remove(alice, group, people["other"])
    join(people["other"], people["member"])
    # Whom an admin has removed only an admin brings back.
    assert code_of(add(people["member"], group, people["other"])) == (403, "admins_only")
    assert add(people["member"], group, people["zoe"]).status_code == 201
    assert add(alice, group, people["other"]).status_code == 201
    assert not Exclusion.objects.exists()
    check_group(group)


@pytest.mark.django_db(transaction=True)
def test_passing_the_group_on(alice: User, bob: User, group: str, published: Published) -> None:
    published.take()
    answer = give(alice, group, bob, "owner")
    assert (answer.status_code, answer.json()["role"]) == (200, "owner")
    assert roles_in(group) == {alice.pk: "admin", bob.pk: "owner"}
    assert actions_in(group)[-1] == ("owner", [str(bob.pk)])
    own = {next(iter(push.to)): push.data for push in published.take("chat:updated")}
    assert own[alice.pk]["chat"]["me"]["role"] == "admin"
    assert own[bob.pk]["chat"]["me"]["role"] == "owner"
    # Other devices learn it by sync.
    start = {"heads": {group: 2}, "position": head(bob.pk) - 1}
    (event,) = [one for one in sync_once(bob, **start)["events"] if "position" in one["data"]]
    assert (event["event"], event["data"]["chat"]["me"]["role"]) == ("chat:updated", "owner")
    assert give(bob, group, alice, "admin").status_code == 200  # as it was
    assert published.take() == []


def test_an_owner_who_leaves_passes_it_to_the_longest_standing_admin_else_member(
    cast: tuple[str, dict[str, User]],
) -> None:
    group, people = cast
    order = ["owner", "admin", "other_admin"]
    order += sorted(("member", "other"), key=lambda one: people[one].pk)
    for leaver, heir in zip(order, [*order[1:], None], strict=True):
        assert roles_in(group)[people[leaver].pk] == "owner"
        before = len(actions_in(group))
        assert remove(people[leaver], group, people[leaver]).status_code == 204
        check_group(group)
        said = actions_in(group)[before:]
        if heir is None:
            assert said == []  # the last has left: the group has ended
        else:
            left = ("left", [str(people[leaver].pk)])
            assert said == [left, ("owner", [str(people[heir].pk)])]
    assert Membership.objects.filter(chat_id=group).count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["removed", "left"])
def test_who_goes_finds_nothing_of_the_group_any_more(
    alice: User, bob: User, group: str, way: str
) -> None:
    post(bob, group, "mine", "of-bob")
    mark(bob, group, "seen", 1)
    before = sync_once(bob)
    assert remove(alice if way == "removed" else bob, group, bob).status_code == 204
    assert actions_in(group)[-1] == (way, [str(bob.pk)])
    assert told(bob)[-1] == ("chat:removed", {"chat": group})
    for path in ("", "messages/", "participants/", "online-users/", "messages/2/status/"):
        assert code_of(as_(bob).get(f"{API}{group}/{path}")) == (404, "chat_not_found")
    assert as_(bob).get(API).json()["results"] == []
    tries: list[Callable[[], Any]] = [
        lambda: post(bob, group, "still?"),
        lambda: mark(bob, group, "seen", 2),
        lambda: add_members(bob.pk, group, [str(alice.pk)], "user"),
        lambda: remove_member(bob.pk, group, str(bob.pk)),
    ]
    for try_to in tries:
        with pytest.raises(AppError) as refused:
            try_to()
        assert refused.value.code == "chat_not_found"
    # What they wrote is found again by its client_id, as before.
    assert post(bob, group, "mine", "of-bob").is_repeat
    held = {name: before[name] for name in ("heads", "position", "marks", "epoch")}
    answer = sync_once(bob, **held)
    assert answer["gone"] == [group] and group not in answer["heads"]
    assert names(answer["events"]) == ["chat:removed"]
    assert Exclusion.objects.count() == (way == "removed")
    check_group(group)


@pytest.mark.django_db(transaction=True)
def test_a_removed_members_sockets_hear_nothing_from_then_on(
    alice: User, bob: User, erin: User, process: Process
) -> None:
    phone, laptop, hers, newcomers = (process.open(one) for one in (bob, bob, alice, erin))

    def heard(socket: Socket) -> list[str]:
        frames = [one for one in socket.frames if one[0] not in {"pong", "badge"}]
        return [str(data.get("message", {}).get("text") or event) for event, data in frames]

    group = make_group(alice, bob)
    post(alice, group, "one")
    wait_for(lambda: "one" in heard(hers))
    remove(alice, group, bob)
    add(alice, group, erin)
    post(alice, group, "two")
    wait_for(lambda: "two" in heard(newcomers))
    for socket in (phone, laptop):
        assert heard(socket) == ["chat:new", "chat:receive", "one", "chat:removed"]
    assert heard(newcomers) == ["chat:new", "chat:receive", "chat:updated", "two"]
    # Hers: made; bob is removed; erin is added.
    assert heard(hers)[3:] == ["chat:receive", "chat:updated"] * 2 + ["two"]
