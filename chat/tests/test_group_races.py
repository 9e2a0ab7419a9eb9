"""Whatever two people do to a group at the same time, it stays a group."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import combinations_with_replacement, count
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.erasure import erase
from accounts.models import User
from chat.actions.groups import change_chat, create_group
from chat.actions.invites import decide_request, join, revoke_invite
from chat.actions.members import add_members, remove_member, set_role
from chat.invites import hash_of, token_of
from chat.models import Chat, Invite, JoinRequest, Membership, Message
from chat.schemas.groups import ChangeChat, ChangePermissions, NewGroup
from chat.tests.acts import make_group, mark, post
from chat.tests.group_acts import check_group, roles_in
from connections.models import Connection
from connections.tests.acts import at_once, connect, make_person
from core.clock import now
from core.errors import AppError
from core.ids import new_id
from realtime.tests.process import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

Role = Membership.Role

_numbers = count()


@dataclass
class Scene:
    """A group with an owner, an admin and a member, somebody to add, and somebody who asks."""

    owner: User
    admin: User
    member: User
    friend: User
    group: str
    token: str
    invite: str
    request: str

    def acts(self) -> dict[str, Callable[[], Any]]:
        """All that changes a group."""
        owner, admin, group = self.owner.pk, self.admin.pk, self.group
        add = partial(add_members, names=[str(self.friend.pk)], field="user")
        return {
            "add": partial(add, owner, group),
            "remove": partial(remove_member, admin, group, str(self.member.pk)),
            "owner leaves": partial(remove_member, owner, group, str(owner)),
            "admin leaves": partial(remove_member, admin, group, str(admin)),
            "promote": partial(set_role, owner, group, str(self.member.pk), Role.ADMIN),
            "pass on": partial(set_role, owner, group, str(admin), Role.OWNER),
            "rename": partial(change_chat, admin, group, ChangeChat(name="Other")),
            "join": partial(join, self.friend.pk, self.token),
            "approve": partial(decide_request, admin, group, self.request, approve=True),
            "reject": partial(decide_request, owner, group, self.request, approve=False),
            "clean up": partial(revoke_invite, owner, group, self.invite, remove_members=True),
            "send": partial(post, self.member, group),
            "see": partial(mark, self.member, group, "seen", 1),
            "erase": partial(erase, self.member.pk),
        }


def make_people() -> list[User]:
    """Five people, all connected with the first."""
    n = next(_numbers)
    people = User.objects.bulk_create(User(username=f"p{n}.{m}") for m in range(5))
    Connection.objects.bulk_create(Connection(low=people[0], high=other) for other in people[1:])
    return people


def make_scene(people: list[User]) -> Scene:
    """As the acts would leave it, in fewer steps."""
    owner, admin, member, friend, asker = people
    chat = Chat.objects.create(kind="group", name="Walks", members_count=3, head=1, last_seq=1)
    Message.objects.create(chat=chat, seq=1, kind="system", created_at=now())
    roles = {owner: Role.OWNER, admin: Role.ADMIN, member: Role.MEMBER}
    Membership.objects.bulk_create(
        Membership(chat=chat, user=user, role=role) for user, role in roles.items()
    )
    invite, asked = Invite.objects.bulk_create(
        Invite(id=id, chat=chat, by=owner, max_uses=1, token_hash=hash_of(token_of(id)))
        for id in (new_id(), new_id())
    )
    request = JoinRequest.objects.create(chat=chat, user=asker, invite=asked)
    names = str(chat.pk), token_of(invite.pk), str(invite.pk), str(request.pk)
    return Scene(owner, admin, member, friend, *names)


def test_each_pair_of_acts_at_once(settings: Any) -> None:
    settings.RATE_LIMITS = False
    people = make_people()
    for pair in combinations_with_replacement(make_scene(people).acts(), 2):
        scene = make_scene(people)
        acts = scene.acts()
        answers = at_once([acts[name] for name in pair])
        for answer in answers:
            failed = isinstance(answer, Exception) and not isinstance(answer, AppError)
            assert not failed, (pair, answers)
        check_group(scene.group)
        if "erase" in pair:
            people = make_people()


def test_of_several_who_are_given_the_group_at_once_one_has_it() -> None:
    people = make_people()
    for _ in range(4):
        scene = make_scene(people)
        owner, group = scene.owner.pk, scene.group
        acts: list[Callable[[], Any]] = [
            *(
                partial(set_role, owner, group, str(one.pk), Role.OWNER)
                for one in (scene.admin, scene.member)
            ),
            *(
                partial(remove_member, one.pk, group, str(one.pk))
                for one in (scene.owner, scene.admin)
            ),
        ]
        at_once(acts)
        check_group(group)
        assert len(roles_in(group)) == 1


def test_a_group_made_ten_times_at_once_is_one() -> None:
    alice, bob = make_person("alice"), make_person("bob")
    connect(alice, bob)
    group = NewGroup(name="Walks", members=(str(bob.pk),), client_id="g1")
    answers = at_once([partial(create_group, alice.pk, group)] * 10)
    assert sorted(is_new for _, is_new in answers) == [False] * 9 + [True]
    assert Chat.objects.count() == 1 and Membership.objects.count() == 2


def test_two_groups_with_the_same_people_changed_at_once_do_not_wait_for_each_other() -> None:
    people = [make_person(f"p{n}") for n in range(4)]
    for one in people[1:]:
        connect(one, people[0])
    alice, *others = people
    groups = [make_group(alice, *others) for _ in range(4)]
    for group in groups:
        for one in others:
            set_role(alice.pk, group, str(one.pk), Role.ADMIN)
    acts = [
        partial(remove_member, alice.pk, group, str(one.pk))
        for group, order in zip(groups, (others, others[::-1]) * 2, strict=True)
        for one in order
    ]
    assert at_once(acts) == [None] * 12
    for group in groups:
        check_group(group)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        ("remove", "chat_not_found"),
        ("demote", "chat_read_only"),
        ("let only admins write", "chat_read_only"),
    ],
)
def test_who_waits_to_write_and_may_not_any_more_writes_nothing(act: str, code: str) -> None:
    alice, bob = make_person("alice"), make_person("bob")
    connect(alice, bob)
    group = make_group(alice, bob)
    only_admins = ChangeChat(permissions=ChangePermissions(post="admins"))
    if act == "demote":
        change_chat(alice.pk, group, only_admins)
        set_role(alice.pk, group, str(bob.pk), Role.ADMIN)
    acts: dict[str, Callable[[], Any]] = {
        "remove": partial(remove_member, alice.pk, group, str(bob.pk)),
        "demote": partial(set_role, alice.pk, group, str(bob.pk), Role.MEMBER),
        "let only admins write": partial(change_chat, alice.pk, group, only_admins),
    }
    head = Chat.objects.get(pk=group).head
    done = Event()

    def forbid() -> None:
        with transaction.atomic():
            acts[act]()
            done.set()
            wait_for(_somebody_waits)

    def write() -> Any:
        done.wait(5)
        return post(bob, group)

    _, answer = at_once([forbid, write])
    assert isinstance(answer, AppError) and answer.code == code
    assert Chat.objects.get(pk=group).head == head + 1  # that it was forbidden
    check_group(group)


def _somebody_waits() -> bool:
    """Whether anybody stands before a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
        return cursor.fetchone() is not None
