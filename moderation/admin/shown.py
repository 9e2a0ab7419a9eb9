"""Evidence and messages as plain text; templates escape it."""

from typing import Any

import msgspec

from chat.payloads import MessageRow
from core.clock import rfc3339
from moderation.models import Report


def evidence_text(report: Report) -> str:
    """What the reporter saw, for people; the reported message stands last and is marked."""
    evidence = report.evidence
    if not evidence:
        return "Nothing is left of it: the person was erased."
    if "message" not in evidence:
        return "\n\n".join(_fields(part) for part in evidence.values())
    users = evidence["users"]
    lines = [_line(one, users) for one in evidence["before"]]
    return "\n\n".join([*lines, f">>> {_line(evidence['message'], users)}"])


def _fields(part: Any) -> str:
    if not isinstance(part, dict):
        return _json(part)
    return "\n".join(f"{name}: {value}" for name, value in part.items())


def _line(message: dict[str, Any], users: dict[str, dict[str, str]]) -> str:
    sender = users.get(message["sender"] or "", {}).get("username", message["sender"] or "system")
    parts = [message["text"] or ""]
    if message["content"]:
        parts.append(_json(message["content"]))
    parts += [f"[{one['kind']} {one['name']}, file {one['id']}]" for one in message["attachments"]]
    said = "\n".join(part for part in parts if part) or "(nothing)"
    marks = [name for name in ("edited_at", "deleted_at") if message[name]]
    noted = "".join(f", {name.removesuffix('_at')}" for name in marks)
    return f"{message['created_at']} {sender} ({message['kind']}{noted}), {message['seq']}:\n{said}"


def message_text(row: MessageRow, names: dict[int, str]) -> str:
    """A message of any chat, of which staff have said why they read it."""
    sender = names.get(row.sender_id or 0, "system")
    parts = [row.text, "" if row.content is None else _json(row.content)]
    gone = "" if row.deleted_at is None else ", deleted"
    said = "\n".join(part for part in parts if part) or "(nothing)"
    return f"{rfc3339(row.created_at)} {sender} ({row.kind}{gone}), {row.seq}:\n{said}"


def _json(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
