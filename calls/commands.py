"""The socket's door to calls."""

import msgspec

from calls.access import get_call
from calls.actions import answer_call, leave_call, note_ringing, reject_call
from calls.schemas import Describe, EndOfCall, Ice, OfCall
from calls.signals import get_joined, pass_on, socket_name
from core.schema import decode
from realtime.registry import command
from realtime.session import Session

_of_call = msgspec.json.Decoder(OfCall)


def hide_strange_calls(session: Session, data: bytes) -> None:
    """Who sends rubbish to a call that is not theirs hears only NotFound."""
    get_call(session.user_id, decode(data, _of_call).call)


@command("call:offer", Describe, reply="ok", guard=hide_strange_calls)
def offer(session: Session, data: Describe) -> None:
    """From who has joined."""
    access = get_joined(session, data.call, socket_name(session))
    pass_on(session, access, "call:offer", {"sdp": data.sdp}, data.to)


@command("call:answer", Describe, reply="ok", guard=hide_strange_calls)
def answer(session: Session, data: Describe) -> None:
    """The first one joins; from then on it is a signal like the offer."""
    access = answer_call(
        session.user_id, data.call, device_id=session.device_id, socket=socket_name(session)
    )
    pass_on(session, access, "call:answer", {"sdp": data.sdp}, data.to)


@command("call:ice", Ice, reply="ok", guard=hide_strange_calls)
def ice(session: Session, data: Ice) -> None:
    """From who has joined."""
    access = get_joined(session, data.call, socket_name(session))
    pass_on(session, access, "call:ice", {"candidate": data.candidate}, data.to)


@command("call:ringing", OfCall, reply="ok", guard=hide_strange_calls)
def ringing(session: Session, data: OfCall) -> None:
    """A device shows the call."""
    pass_on(session, note_ringing(session.user_id, data.call), "call:ringing", {})


@command("call:reject", OfCall, reply="ok", guard=hide_strange_calls)
def reject(session: Session, data: OfCall) -> None:
    """From any device of who is rung."""
    pass_on(session, reject_call(session.user_id, data.call), "call:reject", {})


@command("call:end", EndOfCall, reply="ok", guard=hide_strange_calls)
def end(session: Session, data: EndOfCall) -> None:
    """Hangs up."""
    access = leave_call(session.user_id, data.call, reason=data.reason)
    pass_on(session, access, "call:end", {"reason": access.call.reason or None})
