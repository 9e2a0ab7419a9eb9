"""Typing: told at once, kept nowhere."""

import time
from collections import OrderedDict
from threading import Lock
from typing import Literal

from django.conf import settings
from django.db import connection

from chat.access import chat_not_found, parse_chat_id
from chat.models import Chat
from realtime.bus import publish_ephemeral
from realtime.hub import Audience

_MAY_TYPE = """
SELECT ch.kind, CASE WHEN m.user_id = ch.low_id THEN ch.high_id ELSE ch.low_id END,
    NOT EXISTS (
        SELECT 1 FROM accounts_user u
        WHERE u.id IN (m.user_id, ch.low_id, ch.high_id) AND NOT u.typing
    ),
    EXISTS (
        SELECT 1 FROM connections_connection c WHERE c.low_id = ch.low_id AND c.high_id = ch.high_id
    ),
    CASE WHEN ch.kind = 'group' THEN ARRAY(
        SELECT o.user_id FROM chat_membership o JOIN accounts_user u ON u.id = o.user_id
        WHERE o.chat_id = ch.id AND NOT u.typing
    ) END
FROM chat_membership m JOIN chat_chat ch ON ch.id = m.chat_id
WHERE m.chat_id = %s AND m.user_id = %s
"""

_KEPT = 10_000
_told: OrderedDict[tuple[int, int], tuple[float, bool, str]] = OrderedDict()
_lock = Lock()


def tell_typing(user_id: int, chat_id: str, typing: bool, kind: Literal["text", "voice"]) -> None:
    """Tells the others in the chat; the same again only after TYPING_RESEND_SECONDS.

    The switch works both ways: who does not share typing neither tells nor is told. Nobody is told
    in a closed chat. Raises NotFound.
    """
    parsed = parse_chat_id(chat_id)
    with connection.cursor() as cursor:
        cursor.execute(_MAY_TYPE, [parsed, user_id])
        row = cursor.fetchone()
    if row is None:
        raise chat_not_found()
    kind_of_chat, peer_id, share_typing, is_connected, not_sharing = row
    is_group = kind_of_chat == Chat.Kind.GROUP
    if not (share_typing and (is_connected or is_group)):
        return
    if _is_repeat(user_id, parsed, typing, kind):
        return
    data = {"chat": str(parsed), "user": str(user_id), "typing": typing, "kind": kind}
    to = Audience(parsed, without=frozenset({user_id, *not_sharing})) if is_group else [peer_id]
    publish_ephemeral(to, "chat:typing", data)


def _is_repeat(user_id: int, chat_id: int, typing: bool, kind: str) -> bool:
    now = time.monotonic()
    with _lock:
        at, was_typing, was_kind = _told.get((user_id, chat_id), (0.0, False, ""))
        if (was_typing, was_kind) == (typing, kind) and now - at < settings.TYPING_RESEND_SECONDS:
            return True
        _told[user_id, chat_id] = now, typing, kind
        _told.move_to_end((user_id, chat_id))
        if len(_told) > _KEPT:
            _told.popitem(last=False)
        return False
