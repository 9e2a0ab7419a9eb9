"""Starting, answering and ending calls: a state machine under the call row's lock.

Who is told hears of it on commit. Times and reasons are decided here, never by clients.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.payloads import people
from calls.access import (
    CallAccess,
    get_call,
    lock_people,
    require_may_talk,
    still_in_chat,
)
from calls.models import Call, Participant
from calls.payloads import CallPayload, call_payload
from chat.access import chat_closed, chat_read_only, get_chat
from chat.models import Chat
from chat.queries import member_ids
from chat.writer import Draft, Extra, reused, writer
from connections.queries import are_connected
from core.clock import now
from core.errors import AppError, Conflict, NotFound
from notifications.actions.push import push_passing
from realtime.bus import publish

State, Reason = Call.State, Call.Reason
Part = Participant.State


def start_call(
    user_id: int,
    chat_id: str,
    media: str,
    *,
    device_id: int | None = None,
    client_id: str | None = None,
) -> tuple[Call, bool]:
    """Rings everybody else in the chat, all their devices; also whether the call is new.

    Somebody who is in a call is not rung; a direct call to one ends at once as ``busy``. Raises
    NotFound, Forbidden ``chat_closed``, Conflict ``already_in_call``, ``call_too_large`` (in groups
    of more than CALL_GROUP_MAX) and ``client_id_reused``.
    """
    if client_id is not None and (known := _repeat(user_id, chat_id, media, client_id)):
        return known, False
    access = get_chat(user_id, chat_id)
    access.require_open()
    ids = member_ids(access.chat.pk)
    if len(ids) > settings.CALL_GROUP_MAX:
        text = f"Groups of more than {settings.CALL_GROUP_MAX} cannot call."
        raise Conflict("call_too_large", text)
    others = [one for one in ids if one != user_id]
    with transaction.atomic():
        lock_people(ids)
        if client_id is not None and (known := _repeat(user_id, chat_id, media, client_id)):
            return known, False
        if _in_a_call([user_id]):
            raise already_in_call()
        busy = _in_a_call(others)
        at = now()
        call = Call.objects.create(
            chat=access.chat, caller_id=user_id, media=media, created_at=at, client_id=client_id
        )
        mine = Participant(call=call, user_id=user_id, state=Part.JOINED, device_id=device_id)
        mine.joined_at = mine.alive_at = at
        asked = [
            Participant(call=call, user_id=one, state=Part.BUSY if one in busy else Part.INVITED)
            for one in others
        ]
        Participant.objects.bulk_create([mine, *asked])
        rung = [one for one in others if one not in busy]
        if not rung:
            _end(call, Reason.BUSY if busy else Reason.MISSED, at)
            return call, True
        data = {"call": _payload(call), "users": people(ids)}
        publish(rung, "call:new", data)
        where = {"call": str(call.pk), "chat": str(call.chat_id)}
        push_passing(rung, "call", where, by=user_id, seconds=settings.CALL_RING_SECONDS)
        # The caller's other devices show it too.
        _tell([user_id], call)
    return call, True


def answer_call(user_id: int, call_id: str, *, device_id: int, socket: str) -> CallAccess:
    """The person joins on this socket: the first of all their devices and tabs wins.

    From the one that has joined it is a signal like any other. Raises NotFound, Forbidden
    ``chat_closed``, Conflict ``call_answered``, ``call_ended``, ``call_full`` (CALL_MEMBERS_MAX are
    in it) and ``already_in_call``.
    """
    with transaction.atomic():
        access = get_call(user_id, call_id, lock=True)
        call, mine = access.call, access.mine
        require_going_on(call)
        require_may_talk(call.chat)
        if mine.state == Part.JOINED:
            claim(mine, device_id, socket)
            return access
        joined = [one for one in access.others if one.state == Part.JOINED]
        if len(joined) >= settings.CALL_MEMBERS_MAX:
            raise Conflict("call_full", "Nobody more can join this call.")
        at = now()
        mine.state, mine.joined_at, mine.alive_at = Part.JOINED, at, at
        mine.device_id, mine.socket = device_id, socket
        try:
            with transaction.atomic():
                mine.save(update_fields=["state", "joined_at", "alive_at", "device_id", "socket"])
        except IntegrityError as error:
            raise already_in_call() from error
        if call.state == State.RINGING:
            call.state, call.started_at = State.ACTIVE, at
            call.save(update_fields=["state", "started_at"])
        _tell([one.user_id for one in access.others], call)
        data = {"call": _payload(call), "answered_elsewhere": True}
        publish([user_id], "call:updated", data, skip=_number(socket))
    return access


def note_ringing(user_id: int, call_id: str) -> CallAccess:
    """A device of the person's rings."""
    with transaction.atomic():
        access = get_call(user_id, call_id, lock=True)
        require_going_on(access.call)
        require_may_talk(access.call.chat)
        if access.mine.state == Part.INVITED:
            access.mine.state = Part.RINGING
            access.mine.save(update_fields=["state"])
            _tell(access.all, access.call)
    return access


def reject_call(user_id: int, call_id: str) -> CallAccess:
    """The person does not want to answer; in a direct chat that ends the call as ``declined``."""
    with transaction.atomic():
        access = get_call(user_id, call_id, lock=True)
        require_going_on(access.call)
        if not access.mine.is_asked:
            raise Conflict("call_answered", "You have answered this call.")
        _leave(access, Part.REJECTED, Reason.DECLINED)
    return access


def leave_call(user_id: int, call_id: str, *, reason: str | None = None) -> CallAccess:
    """Hangs up. A direct call ends with it, a group's when nobody is left to talk to.

    Of ``reason`` only ``failed`` counts: that no connection came about is for clients to know.
    Doing it again changes nothing. Raises NotFound.
    """
    with transaction.atomic():
        access = get_call(user_id, call_id, lock=True)
        call, mine = access.call, access.mine
        if call.state == State.ENDED or mine.state in {Part.LEFT, Part.REJECTED}:
            return access
        if mine.is_asked:
            _leave(access, Part.REJECTED, Reason.DECLINED)
        elif reason == Reason.FAILED:
            _leave(access, Part.LEFT, Reason.FAILED)
        else:
            ringing = call.state == State.RINGING
            _leave(access, Part.LEFT, Reason.CANCELLED if ringing else Reason.COMPLETED)
    return access


def hang_up(user_id: int) -> None:
    """Takes a person out of all their calls, as their account is suspended."""
    parts = Participant.objects.filter(
        user_id=user_id, state__in=[Part.INVITED, Part.RINGING, Part.JOINED]
    ).exclude(call__state=State.ENDED)
    for call_id in list(parts.order_by("call_id").values_list("call_id", flat=True)):
        try:
            leave_call(user_id, str(call_id))
        except NotFound:
            pass  # of a group that they have left: the sweep lets them go


def _leave(access: CallAccess, state: Participant.State, reason: Call.Reason) -> None:
    """One goes; whether the call goes on depends on who is left."""
    call, mine = access.call, access.mine
    mine.state = state
    mine.save(update_fields=["state"])
    if call.chat.kind == Chat.Kind.DIRECT:
        _end(call, reason, now())
    elif call.state == State.RINGING and call.caller_id == mine.user_id:
        _end(call, reason, now())
    elif _is_over(access.others):
        _end(call, Reason.COMPLETED if call.state == State.ACTIVE else reason, now())
    else:
        _tell(access.all, call)


def _is_over(others: Iterable[Participant]) -> bool:
    """Whether nobody of a group's call is left to talk to: the last one is not left hanging."""
    parts = [one.state for one in others]
    asked = parts.count(Part.INVITED) + parts.count(Part.RINGING)
    joined = parts.count(Part.JOINED)
    return joined == 0 or joined + asked < 2


def _end(call: Call, reason: str, at: datetime) -> None:
    """Ends a call whose row is locked (or new), writes it into the chat and tells everybody."""
    call.state, call.reason, call.ended_at = State.ENDED, reason, at
    call.save(update_fields=["state", "reason", "ended_at"])
    call.participants.filter(state=Part.JOINED).update(state=Part.LEFT)
    call.participants.filter(state__in=[Part.INVITED, Part.RINGING]).update(state=Part.MISSED)
    _tell(call.participants.values_list("user_id", flat=True), call)
    content = {
        "call": str(call.pk),
        "media": call.media,
        "state": call.state,
        "reason": reason,
        "duration": int((at - call.started_at).total_seconds()) if call.started_at else 0,
    }
    try:
        writer.call(
            Draft(
                call.chat_id,
                call.caller_id,
                # By a name that no client can give a message, and so keep the call from ending.
                f"call:{call.pk}",
                "",
                kind="call",
                extra=Extra(content=content),
            )
        )
    except AppError as error:
        # The two are connected no more, or the caller has left or may not write: no trace in the
        # chat, the log of calls has it.
        if error.code not in {chat_closed().code, chat_read_only().code, "chat_not_found"}:
            raise


def claim(mine: Participant, device_id: int, socket: str) -> None:
    """Only the socket that has joined speaks for the person. A caller, who joins over HTTP, has it
    with the first signal; a device whose socket was lost may go on with another.

    Raises Conflict ``call_answered``.
    """
    if mine.device_id is None:
        mine.device_id = device_id
    if mine.device_id != device_id or (mine.socket and mine.socket != socket):
        raise Conflict("call_answered", "You are in this call on another device or tab.")
    if not mine.socket:
        mine.socket = socket
        mine.save(update_fields=["device_id", "socket"])


def note_alive(device_ids: list[int]) -> None:
    """These devices have an open socket. One statement a process, over the few who are in calls."""
    joined = Participant.objects.filter(state=Part.JOINED, device_id__in=device_ids)
    joined.update(alive_at=now())


def tidy_calls(at: datetime, *, vanished: bool = True) -> int:
    """Moves on what time has moved: ends what has rung for CALL_RING_SECONDS and direct calls of
    people who are connected no more, lets go who is in the group no more, and who has not had an
    open socket for CALL_VANISHED_SECONDS (unless ``vanished`` is off, as after a start, when
    clients are still coming back). Answers how many calls it touched; two that do it at once do
    not meet.
    """
    going_on = Call.objects.exclude(state=State.ENDED).order_by("pk").values_list("pk", flat=True)
    return sum(_tidy(call_id, at, vanished) for call_id in list(going_on))


def _tidy(call_id: int, at: datetime, vanished: bool) -> bool:
    with transaction.atomic():
        rows = Call.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        call = rows.select_related("chat").filter(pk=call_id).exclude(state=State.ENDED).first()
        if call is None:
            return False
        parts = list(call.participants.order_by("pk"))
        if not _may_talk(call):
            _end(call, Reason.COMPLETED if call.started_at else Reason.CANCELLED, at)
            return True
        has_rung = call.created_at <= at - timedelta(seconds=settings.CALL_RING_SECONDS)
        if has_rung and call.state == State.RINGING:
            _end(call, Reason.MISSED, at)
            return True
        members = still_in_chat(call)
        gone, missed = [], []
        for one in parts:
            is_out = one.user_id not in members
            if one.is_asked and (has_rung or is_out):
                missed.append(one)
            elif one.state == Part.JOINED and (is_out or (vanished and _has_vanished(one, at))):
                gone.append(one)
        if not gone and not missed:
            return False
        for one in gone:
            one.state = Part.LEFT
        for one in missed:
            one.state = Part.MISSED
        Participant.objects.bulk_update([*gone, *missed], ["state"])
        caller_gone = call.state == State.RINGING and any(
            one.user_id == call.caller_id for one in gone
        )
        is_direct = call.chat.kind == Chat.Kind.DIRECT
        if (is_direct and gone) or caller_gone or _is_over(parts):
            _end(call, Reason.COMPLETED if call.started_at else Reason.CANCELLED, at)
        else:
            _tell([one.user_id for one in parts], call)
        return True


def _may_talk(call: Call) -> bool:
    low, high = call.chat.low_id, call.chat.high_id
    return low is None or high is None or are_connected(low, high)


def _has_vanished(one: Participant, at: datetime) -> bool:
    since = at - timedelta(seconds=settings.CALL_VANISHED_SECONDS)
    return one.alive_at is None or one.alive_at < since


def _repeat(user_id: int, chat_id: str, media: str, client_id: str) -> Call | None:
    call = Call.objects.filter(caller_id=user_id, client_id=client_id).first()
    if call is not None and (str(call.chat_id), call.media) != (chat_id, media):
        raise reused()
    return call


def _in_a_call(user_ids: list[int]) -> set[int]:
    joined = Participant.objects.filter(user_id__in=user_ids, state=Part.JOINED)
    return set(joined.values_list("user_id", flat=True))


def _payload(call: Call) -> CallPayload:
    return call_payload(call, list(call.participants.order_by("pk")))


def _tell(user_ids: Iterable[int], call: Call) -> None:
    publish(still_in_chat(call).intersection(user_ids), "call:updated", {"call": _payload(call)})


def _number(socket: str) -> int:
    """The process's own number of a socket, of the name by which all processes know it."""
    return int(socket.rpartition("-")[2] or 0)


def require_going_on(call: Call) -> None:
    """Raises Conflict ``call_ended``."""
    if call.state == State.ENDED:
        raise Conflict("call_ended", "This call has ended.")


def already_in_call() -> Conflict:
    """One call at a time."""
    return Conflict("already_in_call", "You are in a call already.")
