"""Snapshots of people, messages and groups as the reporter sees them."""

from typing import Any

from django.conf import settings

from accounts.access import get_visible_user
from accounts.models import User
from accounts.payloads import people, public_profile
from chat.access import get_chat, message_not_found
from chat.actions.removals import remove_by_staff
from chat.models import Chat, Message
from chat.queries import message_at, message_rows, shown_to
from chat.rendering import viewed_messages
from core.ids import parse_id
from moderation.models import Report
from moderation.schemas import MakeReport
from moderation.targets import Target, cut_files, own_report, register_target

#: Of a message: what it says, not what is put on it nor what only its sender's client needs.
_KEPT = (
    *("seq", "sender", "kind", "text", "content", "forwarded"),
    *("created_at", "edited_at", "deleted_at"),
)


def look_at_person(reporter: User, named: MakeReport) -> Target:
    """Somebody's profile, cut to what the reporter may see of it."""
    user, relation = get_visible_user(reporter, parse_id(named.user or ""))
    if user.pk == reporter.pk:
        raise own_report()
    profile = public_profile(user, relation)
    evidence = {"user": {name: profile[name] for name in ("id", "username", "name", "about")}}
    return Target(Report.Kind.USER, str(user.pk), evidence, frozenset({user.pk}), user_id=user.pk)


def look_at_message(reporter: User, named: MakeReport) -> Target:
    """A message that people sent, and up to REPORT_MESSAGES_BEFORE before it, for the context."""
    access = get_chat(reporter.pk, named.chat or "")
    seq = named.seq or 0
    row = message_at(access, seq)
    if row.kind == Message.Kind.SYSTEM or row.sender_id is None:
        raise message_not_found()
    if row.sender_id == reporter.pk:
        raise own_report()
    older = shown_to(access.membership).filter(seq__lt=seq).order_by("-seq")
    rows = [*message_rows(older[: settings.REPORT_MESSAGES_BEFORE])[::-1], row]
    senders = {one.sender_id for one in rows if one.sender_id is not None}
    *before, message = [_kept(dict(one)) for one in viewed_messages(access, rows)]
    evidence = {
        "message": message,
        "before": before,
        "users": {id: _name(dict(one)) for id, one in people(senders).items()},
    }
    return Target(
        Report.Kind.MESSAGE,
        f"{access.chat.pk}-{seq}",
        evidence,
        frozenset(senders),
        user_id=row.sender_id,
        chat_id=access.chat.pk,
        seq=seq,
    )


def look_at_group(reporter: User, named: MakeReport) -> Target:
    """What a group calls itself."""
    access = get_chat(reporter.pk, named.chat or "")
    access.require_group()
    chat: Chat = access.chat
    group = {
        "id": str(chat.pk),
        "name": chat.name,
        "description": chat.description,
        "members_count": chat.members_count,
    }
    return Target(Report.Kind.GROUP, str(chat.pk), {"group": group}, frozenset(), chat_id=chat.pk)


def remove_message(report: Report) -> None:
    """Deletes the reported message for everyone."""
    assert report.chat_id is not None and report.seq is not None
    remove_by_staff(report.chat_id, report.seq)


def _kept(message: dict[str, Any]) -> dict[str, Any]:
    kept = {name: message[name] for name in _KEPT}
    return {**kept, "attachments": cut_files(message["attachments"])}


def _name(person: dict[str, Any]) -> dict[str, Any]:
    return {"username": person["username"], "name": person["name"]}


register_target(Report.Kind.USER, look_at_person)
register_target(Report.Kind.MESSAGE, look_at_message, remove_message)
register_target(Report.Kind.GROUP, look_at_group)
