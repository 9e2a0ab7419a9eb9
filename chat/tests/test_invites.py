"""Codes of groups: who gets in by them, how often, and who is told."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from accounts.models import User
from chat.actions.expiry import forget_invites
from chat.actions.invites import decide_request, join
from chat.actions.members import set_role
from chat.models import Chat, Exclusion, Invite, JoinRequest, Membership
from chat.tests.acts import API, make_friends, make_group, post
from chat.tests.group_acts import actions_in, add, check_group, code_of, remove, roles_in
from connections.models import Block
from connections.tests.acts import as_, at_once, make_person
from core.clock import now
from realtime.tests.published import Published


def invite(caller: User, group: str, **wanted: Any) -> Any:
    """A new code."""
    return as_(caller).post(f"{API}{group}/invites/", wanted, format="json")


def token_to(group: str, caller: User, **wanted: Any) -> str:
    """The token of a new code."""
    return str(invite(caller, group, **wanted).json()["token"])


def use(caller: User, token: str) -> Any:
    """Joins by a code."""
    return as_(caller).post(f"{API}join/", {"token": token}, format="json")


def listed(caller: User, group: str) -> list[dict[str, Any]]:
    """The codes of a group."""
    rows: list[dict[str, Any]] = as_(caller).get(f"{API}{group}/invites/").json()["results"]
    return rows


def revoke(caller: User, group: str, id: str, query: str = "") -> Any:
    """Ends a code."""
    return as_(caller).delete(f"{API}{group}/invites/{id}/{query}")


def decide(caller: User, group: str, id: str, verdict: str) -> Any:
    """Answers a request to join."""
    return as_(caller).post(f"{API}{group}/join-requests/{id}/{verdict}/")


def test_a_code_lets_strangers_in(alice: User, carol: User, group: str, settings: Any) -> None:
    settings.PUBLIC_URL = "https://chat.example"
    made = invite(alice, group)
    code = made.json()
    assert made.status_code == 201
    assert code["url"] == f"https://chat.example/#/j/{code['token']}" and "<svg" in code["svg"]
    assert (code["created_by"], code["expires_at"], code["max_uses"]) == (str(alice.pk), None, None)
    assert (code["uses"], code["members"], code["approval"]) == (0, 0, False)
    assert Invite.objects.get().token_hash != code.pop("token")
    assert listed(alice, group) == [code]  # it can be shown again

    joined = use(carol, code["url"].rpartition("/")[2])
    assert joined.status_code == 200
    assert (joined.json()["id"], joined.json()["members_count"]) == (group, 3)
    assert joined.json()["me"]["role"] == "member"
    assert actions_in(group)[-1] == ("joined", [str(carol.pk)])
    assert post(carol, group, "hello").seq == 3
    (row,) = listed(alice, group)
    assert (row["uses"], row["members"]) == (1, 1)
    rows = as_(alice).get(f"{API}{group}/participants/").json()["results"]
    assert rows[-1] == {**rows[-1], "user": str(carol.pk), "invite": code["id"]}
    # Who is in it already: the chat, and no use is counted.
    assert use(carol, code["url"].rpartition("/")[2]).status_code == 200
    assert listed(alice, group)[0]["uses"] == 1
    check_group(group)


def test_all_codes_that_let_nobody_in_look_alike(
    alice: User, bob: User, carol: User, dave: User, group: str
) -> None:
    spent = token_to(group, alice, max_uses=1)
    assert use(make_person("zoe"), spent).status_code == 200
    expired, revoked, good = (token_to(group, alice) for _ in range(3))
    ids = [row["id"] for row in listed(alice, group)]
    Invite.objects.filter(pk=ids[2]).update(expires_at=now())
    assert revoke(alice, group, ids[1]).status_code == 204
    assert code_of(revoke(alice, group, ids[1])) == (404, "invite_not_found")
    assert use(carol, good).status_code == 200
    remove(alice, group, carol)
    left = make_group(bob)
    of_who_left = token_to(left, bob)
    remove(bob, left, bob)
    answers = [use(carol, token) for token in (spent, expired, revoked, "unknown", "", of_who_left)]
    answers += [use(carol, good)]  # removed by an admin
    answers += [use(dave, good)]  # blocked by alice, who has made the code
    for answer in answers:
        assert code_of(answer) == (410, "invite_gone")
    assert len({answer.content for answer in answers}) == 1
    assert [row["url"] is None for row in listed(alice, group)] == [False, True, True]
    # Only an admin lets them in again; then codes do too.
    Block.objects.create(blocker=carol, blocked=bob)  # in groups a block ends nothing
    Exclusion.objects.all().delete()
    assert use(carol, good).status_code == 200
    assert code_of(use(alice, "x" * 201)) == (400, "invalid")
    check_group(group)


def test_codes_of_who_leaves_or_is_removed_work_no_more(
    alice: User, bob: User, carol: User, group: str
) -> None:
    Chat.objects.filter(pk=group).update(invite="all")
    token = token_to(group, bob)
    remove(alice, group, bob)
    assert code_of(use(carol, token)) == (410, "invite_gone")


def test_a_full_group(alice: User, bob: User, carol: User, group: str, settings: Any) -> None:
    settings.GROUP_MEMBERS_MAX = 2
    for approval in (False, True):
        assert code_of(use(carol, token_to(group, alice, approval=approval))) == (409, "group_full")
    assert [row["uses"] for row in listed(alice, group)] == [0, 0]
    settings.GROUP_MEMBERS_MAX = 3
    waiting = use(carol, token_to(group, alice, approval=True)).json()["request"]
    assert use(make_person("zoe"), token_to(group, alice)).status_code == 200
    assert code_of(decide(alice, group, waiting["id"], "approve")) == (409, "group_full")
    remove(bob, group, bob)
    assert decide(alice, group, waiting["id"], "approve").status_code == 200
    check_group(group)


def test_joins_are_limited_like_scans(alice: User, carol: User, group: str, settings: Any) -> None:
    settings.JOINS_PER_ACCOUNT_PER_HOUR = 2
    token = token_to(group, alice)
    assert [use(carol, "wrong").status_code for _ in range(3)] == [410, 410, 429]
    refused = use(carol, token)
    assert code_of(refused) == (429, "rate_limited") and int(refused["Retry-After"]) > 3000


@pytest.mark.django_db(transaction=True)
def test_where_an_admin_has_to_agree(
    alice: User, bob: User, carol: User, erin: User, group: str, published: Published
) -> None:
    add(alice, group, erin)
    set_role(alice.pk, group, str(erin.pk), Membership.Role.ADMIN)
    token = token_to(group, alice, approval=True, max_uses=2)
    published.take()
    asked = use(carol, token)
    request = asked.json()["request"]
    assert (asked.status_code, asked.json()["status"]) == (202, "pending")
    assert code_of(as_(carol).get(f"{API}{group}/")) == (404, "chat_not_found")
    assert {push.event for push in published.pushes} == {"join:request", "notification:new"}
    told = {next(iter(push.to)): push.data for push in published.take("join:request")}
    assert told.keys() == {alice.pk, erin.pk}
    assert told[alice.pk]["request"] == request
    assert told[alice.pk]["users"].keys() == {str(carol.pk)}
    # Admins may look at who asks, nobody else.
    for viewer, status in ((alice, 200), (erin, 200), (bob, 404)):
        assert as_(viewer).get(f"/api/v1/users/{carol.pk}/").status_code == status
    again = use(carol, token)
    assert (again.status_code, again.json()["request"]["id"]) == (202, request["id"])
    assert listed(alice, group)[0]["uses"] == 1 and published.take() == []
    shown = as_(erin).get(f"{API}{group}/join-requests/").json()
    assert shown["results"] == [request] and shown["users"].keys() == {str(carol.pk)}

    assert decide(alice, group, request["id"], "reject").json()["status"] == "rejected"
    told = {next(iter(push.to)): push.data for push in published.take("join:decided")}
    assert told.keys() == {alice.pk, erin.pk, carol.pk}
    assert told[carol.pk]["request"]["status"] == "rejected"
    for verdict in ("approve", "reject"):
        assert code_of(decide(erin, group, request["id"], verdict)) == (409, "not_pending")
    assert as_(erin).get(f"{API}{group}/join-requests/").json()["results"] == []

    request = use(carol, token).json()["request"]  # thinks better of it, and asks again
    published.take()
    approved = decide(erin, group, request["id"], "approve")
    assert (approved.status_code, approved.json()) == (200, {**request, "status": "approved"})
    pushes = published.take()
    of_carol = [push.event for push in pushes if carol.pk in push.to]
    assert of_carol == ["chat:new", "join:decided", "notification:new"]
    assert {one for push in pushes if push.event == "join:decided" for one in push.to} == {
        alice.pk, erin.pk, carol.pk
    }  # fmt: skip
    assert roles_in(group)[carol.pk] == "member"
    said = as_(bob).get(f"{API}{group}/messages/").json()["results"][-1]["content"]
    assert said == {"action": "joined", "by": str(erin.pk), "users": [str(carol.pk)]}
    assert Membership.objects.get(user=carol).invite_id == int(request["invite"])
    check_group(group)


def test_a_request_is_closed_when_its_person_gets_in_another_way(
    alice: User, bob: User, carol: User, erin: User, group: str
) -> None:
    token = token_to(group, alice, approval=True)
    for person in (carol, erin):
        assert use(person, token).status_code == 202
    assert use(carol, token_to(group, alice)).status_code == 200
    assert add(alice, group, erin).status_code == 201
    assert set(JoinRequest.objects.values_list("status", "decided_by")) == {
        ("approved", carol.pk), ("approved", alice.pk)
    }  # fmt: skip
    for person in (alice, bob, carol, erin):
        remove(person, group, person)
    assert use(make_person("zoe"), token).status_code == 410


def test_requests_end_with_the_group(alice: User, carol: User) -> None:
    group = make_group(alice)
    assert use(carol, token_to(group, alice, approval=True)).status_code == 202
    remove(alice, group, alice)
    assert JoinRequest.objects.get().status == "rejected"


def test_requests_are_bounded(alice: User, carol: User, erin: User, settings: Any) -> None:
    settings.OPEN_REQUESTS_MAX = 1
    token = token_to(group := make_group(alice), alice, approval=True)
    assert use(carol, token).status_code == 202
    assert code_of(use(erin, token)) == (409, "requests_full")
    assert listed(alice, group)[0]["uses"] == 1


def test_who_may_do_what_with_codes(
    alice: User, bob: User, carol: User, erin: User, chat: str, group: str
) -> None:
    add(alice, group, erin)
    set_role(alice.pk, group, str(erin.pk), Membership.Role.ADMIN)
    of_alice = invite(alice, group).json()["id"]
    request = use(carol, token_to(group, alice, approval=True)).json()["request"]["id"]
    paths = ("invites/", "join-requests/")
    for path in paths:
        assert code_of(as_(bob).get(f"{API}{group}/{path}")) == (403, "admins_only")
        assert code_of(as_(carol).get(f"{API}{group}/{path}")) == (404, "chat_not_found")
        assert code_of(as_(alice).get(f"{API}{chat}/{path}")) == (400, "not_a_group")
        assert as_(erin).get(f"{API}{group}/{path}").status_code == 200
    assert code_of(invite(bob, group)) == (403, "admins_only")
    assert code_of(invite(carol, group, max_uses="x")) == (404, "chat_not_found")
    assert code_of(invite(alice, chat)) == (400, "not_a_group")
    assert code_of(revoke(bob, group, of_alice)) == (404, "invite_not_found")
    assert code_of(revoke(bob, group, of_alice, "?remove_members=true")) == (403, "admins_only")
    assert code_of(revoke(carol, group, of_alice, "?remove_members=x")) == (404, "chat_not_found")
    for verdict in ("approve", "reject"):
        assert code_of(decide(bob, group, request, verdict)) == (403, "admins_only")
        assert code_of(decide(carol, group, request, verdict)) == (404, "chat_not_found")
        for id in ("x", of_alice):
            refused = decide(alice, group, id, verdict)
            assert code_of(refused) == (404, "join_request_not_found")
    # Where all may invite, they see and revoke their own codes.
    Chat.objects.filter(pk=group).update(invite="all")
    assert listed(bob, group) == []
    mine = invite(bob, group, approval=True).json()
    assert [row["id"] for row in listed(bob, group)] == [mine["id"]]
    assert len(listed(erin, group)) == 3
    assert code_of(revoke(bob, group, of_alice)) == (404, "invite_not_found")
    assert revoke(bob, group, mine["id"]).status_code == 204
    assert revoke(erin, group, of_alice).status_code == 204


@pytest.mark.parametrize(
    "wanted",
    [{"max_uses": 0}, {"max_uses": 2**31}, {"expires_in": 0}, {"expires_in": 10**9},
     {"expires_in": "1"}, {"approval": 1}],
    ids=repr,
)  # fmt: skip
def test_odd_codes_are_refused(alice: User, group: str, wanted: dict[str, Any]) -> None:
    assert code_of(invite(alice, group, **wanted)) == (400, "invalid")


def test_so_many_codes_at_a_time(alice: User, group: str, settings: Any) -> None:
    settings.INVITES_PER_GROUP_MAX = 1
    first = invite(alice, group, expires_in=3600).json()
    assert first["expires_at"] > (now() + timedelta(seconds=3500)).isoformat()
    assert code_of(invite(alice, group)) == (409, "invites_full")
    revoke(alice, group, first["id"])
    assert invite(alice, group).status_code == 201


def test_a_leaked_code_is_cleaned_up_after(
    alice: User, bob: User, carol: User, erin: User, group: str
) -> None:
    add(alice, group, erin)
    set_role(alice.pk, group, str(erin.pk), Membership.Role.ADMIN)
    leaked, other = token_to(group, alice), token_to(group, alice)
    zoe, zack, zelda = (make_person(name) for name in ("zoe", "zack", "zelda"))
    for person in (carol, zoe, zack):
        assert use(person, leaked).status_code == 200
    assert use(zelda, other).status_code == 200
    set_role(alice.pk, group, str(zack.pk), Membership.Role.ADMIN)
    remove(zoe, group, zoe)
    id = listed(alice, group)[1]["id"]
    assert listed(alice, group)[1]["members"] == 2
    # An admin removes no other admin; the owner does, also after it was revoked.
    assert revoke(erin, group, id, "?remove_members=true").status_code == 204
    assert roles_in(group).keys() == {alice.pk, bob.pk, erin.pk, zack.pk, zelda.pk}
    assert actions_in(group)[-1] == ("removed", [str(carol.pk)])
    assert revoke(alice, group, id, "?remove_members=true").status_code == 204
    assert roles_in(group).keys() == {alice.pk, bob.pk, erin.pk, zelda.pk}
    for person in (carol, zack):
        for token in (leaked, other):
            assert code_of(use(person, token)) == (410, "invite_gone")
    check_group(group)


def test_what_ended_long_ago_is_forgotten(
    alice: User, bob: User, carol: User, group: str, settings: Any
) -> None:
    begun = now()
    used, asked, old, _ = (
        invite(alice, group, expires_in=60, approval=approval).json()
        for approval in (False, True, False, False)
    )
    assert use(carol, used["token"]).status_code == 200
    zoe, zack = make_person("zoe"), make_person("zack")
    decided, waiting = (use(one, asked["token"]).json()["request"] for one in (zoe, zack))
    decide(alice, group, decided["id"], "reject")
    revoke(alice, group, old["id"])
    later = begun + timedelta(days=settings.REQUESTS_KEPT_DAYS)
    assert forget_invites(later) == 0  # what has ended has just ended
    later += timedelta(seconds=50)
    assert forget_invites(later, dry_run=True) == forget_invites(later) == 2
    later += timedelta(days=1)
    assert forget_invites(later) == 1  # never used by anybody
    assert set(Invite.objects.values_list("id", flat=True)) == {int(used["id"]), int(asked["id"])}
    assert str(JoinRequest.objects.get().pk) == waiting["id"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("approval", [False, True])
def test_of_a_hundred_joins_at_once_ten_get_in(alice: User, group: str, approval: bool) -> None:
    token = token_to(group, alice, max_uses=10, approval=approval)
    crowd = make_friends(alice, 100)
    answers = []
    for begin in range(0, 100, 50):  # as many as the server has connections for
        answers += at_once([partial(use, one, token) for one in crowd[begin : begin + 50]])
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [202 if approval else 200] * 10 + [410] * 90
    assert Invite.objects.get().uses == 10
    check_group(group)
    if approval:
        requests = list(JoinRequest.objects.filter(status="pending"))
        assert len(requests) == 10
        decisions = at_once(
            [
                partial(decide_request, alice.pk, group, str(request.pk), approve=approve)
                for request in requests
                for approve in (True, True, False)
            ]
        )
        assert sum(isinstance(one, JoinRequest) for one in decisions) == 10
        check_group(group)


@pytest.mark.django_db(transaction=True)
def test_one_person_joining_ten_times_at_once_counts_once(
    alice: User, carol: User, group: str
) -> None:
    token = token_to(group, alice)
    answers = at_once([partial(join, carol.pk, token)] * 10)
    assert answers == [(int(group), None)] * 10
    assert Invite.objects.get().uses == 1
    check_group(group)
