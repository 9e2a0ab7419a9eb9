"""The only look-up of a call by an id of a client's: what is not the caller's is not found."""

from dataclasses import dataclass

from django.db import connection

from calls.models import Call, Participant
from chat.models import Chat, Membership
from connections.queries import are_connected
from core.errors import Forbidden, NotFound
from core.ids import parse_id


@dataclass(frozen=True, slots=True)
class CallAccess:
    """A call, the caller's part in it, and the parts of all who are still in its chat, by user."""

    call: Call
    mine: Participant
    all: dict[int, Participant]

    @property
    def others(self) -> list[Participant]:
        """Everybody else."""
        return [one for one in self.all.values() if one.pk != self.mine.pk]


def get_call(user_id: int, call_id: str, *, lock: bool = False) -> CallAccess:
    """The call of ``call_id`` if ``user_id`` takes part in it and is still in its chat.

    ``lock`` takes the call's row to the end of the transaction, for everything that changes it;
    chats and user rows are locked after it. Raises NotFound ``call_not_found``.
    """
    rows = Call.objects.select_related("chat")
    if lock:
        rows = rows.select_for_update(no_key=True, of=("self",))
    call = rows.filter(pk=_parse(call_id)).first()
    if call is None:
        raise call_not_found()
    members = still_in_chat(call)
    people = {
        one.user_id: one for one in call.participants.order_by("pk") if one.user_id in members
    }
    if user_id not in people:
        raise call_not_found()
    return CallAccess(call, people[user_id], people)


def still_in_chat(call: Call) -> set[int]:
    """Who of a call's people is in its chat now: the others hear and tell nothing any more."""
    asked = call.participants.values("user_id")
    members = Membership.objects.filter(chat_id=call.chat_id, user_id__in=asked)
    return set(members.values_list("user_id", flat=True))


def lock_people(user_ids: list[int]) -> None:
    """Makes calls of the same people start one after the other: of two who ring each other at the
    same moment the second finds the first. Held to the end of the transaction.
    """
    with connection.cursor() as cursor:
        for user_id in sorted(user_ids):  # one order for all, so that nobody waits in a circle
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended('calls', 0) # %s)", [user_id]
            )


def require_may_talk(chat: Chat) -> None:
    """Raises Forbidden ``chat_closed`` where the two of a direct chat are connected no more."""
    if chat.low_id is not None and chat.high_id is not None:
        if not are_connected(chat.low_id, chat.high_id):
            raise Forbidden("chat_closed", "You are not connected with this person any more.")


def call_not_found() -> NotFound:
    """Absent, or not the caller's."""
    return NotFound("call_not_found", "There is no such call.")


def _parse(text: str) -> int:
    try:
        return parse_id(text)
    except NotFound as error:
        raise call_not_found() from error
