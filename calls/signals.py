"""Signals: what devices tell each other through the server, which does not look into them."""

from typing import Any

from accounts.models import Device
from calls.access import CallAccess, get_call, require_may_talk
from calls.actions import claim, require_going_on
from calls.models import Participant
from core.errors import Conflict, NotFound
from core.ids import parse_id
from realtime.bus import publish
from realtime.hub import OneDevice
from realtime.runtime import PROCESS
from realtime.session import Session

#: The sockets of this process that have signalled, so that of all others nothing is asked.
_speaking: set[int] = set()


def pass_on(
    session: Session, access: CallAccess, event: str, data: dict[str, Any], to: str | None = None
) -> None:
    """Passes a signal to the others in the call: to all their devices, or to one.

    Raises NotFound ``device_not_found`` for a device that is none of the others'.
    """
    sender = {"user": str(session.user_id), "device": str(session.device_id)}
    data = {"call": str(access.call.pk), "from": sender, **data}
    others = [one.user_id for one in access.others]
    if to is None:
        publish(others, event, data)
        return
    try:
        device = Device.objects.filter(pk=parse_id(to), user_id__in=others).first()
    except NotFound:
        device = None
    if device is None:
        raise NotFound("device_not_found", "There is no such device in this call.")
    publish(OneDevice(device.user_id, device.pk), event, data)


def get_joined(session: Session, call_id: str, socket: str) -> CallAccess:
    """A call that this socket speaks in; the caller's first signal claims it.

    Raises NotFound, Forbidden ``chat_closed``, Conflict ``call_ended``, ``call_answered`` (by
    another device or tab) and ``not_in_call``.
    """
    access = get_call(session.user_id, call_id)
    require_going_on(access.call)
    require_may_talk(access.call.chat)
    if access.mine.state != Participant.State.JOINED:
        raise Conflict("not_in_call", "Answer the call first.")
    claim(access.mine, session.device_id, socket)
    return access


def socket_name(session: Session) -> str:
    """A socket's name, by which all processes know it."""
    _speaking.add(session.socket)
    return f"{PROCESS}-{session.socket}"


def has_spoken(session: Session) -> bool:
    """Whether a socket of this process has ever signalled; asked once, when it closes."""
    spoke = session.socket in _speaking
    _speaking.discard(session.socket)
    return spoke


def release(session: Session) -> None:
    """A socket has closed: another of the same device may speak in its call."""
    name = f"{PROCESS}-{session.socket}"
    joined = Participant.objects.filter(state=Participant.State.JOINED, socket=name)
    joined.update(socket="")
