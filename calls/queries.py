"""Reads of calls."""

from collections.abc import Iterable

from accounts.payloads import people
from calls.models import Call, Participant
from calls.payloads import CallAnswer, CallPayload, call_payload
from chat.models import Membership
from core.paging import Page, Place, page


def list_calls(user_id: int, place: Place) -> Page:
    """A page of the person's calls, the newest first, of chats that are still theirs. Three
    queries.
    """
    after = place.ints(1)
    rows = Call.objects.filter(
        participants__user_id=user_id,
        chat_id__in=Membership.objects.filter(user_id=user_id).values("chat_id"),
    ).order_by("-pk")
    if after is not None:
        rows = rows.filter(pk__lt=after[0])
    calls = list(rows[: place.limit + 1])
    payloads = {payload["id"]: payload for payload in call_payloads(calls)}
    return page(
        calls,
        place,
        key=lambda call: [call.pk],
        payload=lambda call: payloads[str(call.pk)],
        users=people(who_is_in(payloads.values())),
    )


def call_payloads(calls: list[Call]) -> list[CallPayload]:
    """Calls with who takes part. One query."""
    parts: dict[int, list[Participant]] = {call.pk: [] for call in calls}
    for one in Participant.objects.filter(call__in=calls).order_by("pk"):
        parts[one.call_id].append(one)
    return [call_payload(call, parts[call.pk]) for call in calls]


def call_answer(call: Call) -> CallAnswer:
    """One call, with the people in it."""
    (payload,) = call_payloads([call])
    return {**payload, "users": people(who_is_in([payload]))}


def who_is_in(payloads: Iterable[CallPayload]) -> set[int]:
    """Everybody whom some calls name."""
    return {int(one["user"]) for payload in payloads for one in payload["participants"]}
