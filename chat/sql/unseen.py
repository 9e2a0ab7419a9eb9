"""What people have not seen. Arrays, one a column."""

from chat.sql.chats import UNREAD, UNSEEN

BADGES = f"""
-- Of each person the unread messages in all chats that they have not muted.
-- Indexes: chat_membership_user, chat_message_place, chat_hidden_once.
SELECT mb.user_id, sum(unread.n)::bigint
FROM chat_membership mb
JOIN chat_chat ch ON ch.id = mb.chat_id AND ch.last_seq > greatest(mb.seen, mb.start)
CROSS JOIN LATERAL (
    {UNREAD}
) unread
WHERE mb.user_id = ANY(%(user)s::bigint[]) AND (mb.muted_until IS NULL OR mb.muted_until <= now())
GROUP BY mb.user_id
"""

NEWS = f"""
-- Of each person what has come since their time and is unseen in chats that they have not muted:
-- of each chat the newest such message, the newest chat first.
-- Indexes: chat_membership_user, chat_message_place, chat_hidden_once.
SELECT mb.user_id, new.created_at, ch.id, new.seq, coalesce(nullif(u.name, ''), u.username),
    CASE WHEN ch.kind = 'group' THEN ch.name END, new.kind, new.text
FROM unnest(%(user)s::bigint[], %(since)s::timestamptz[]) AS w(user_id, since)
JOIN chat_membership mb ON mb.user_id = w.user_id
    AND (mb.muted_until IS NULL OR mb.muted_until <= now())
JOIN chat_chat ch ON ch.id = mb.chat_id AND ch.last_seq > greatest(mb.seen, mb.start)
    AND ch.active_at >= w.since
CROSS JOIN LATERAL (
    SELECT m.* FROM {UNSEEN}
        AND m.created_at >= w.since
        -- What an erased person wrote is gone, though a worker takes a while to empty it.
        AND NOT EXISTS (
            SELECT 1 FROM accounts_user gone
            WHERE gone.id = m.sender_id AND gone.deleted_at IS NOT NULL
        )
        AND (%(before)s::timestamptz IS NULL OR m.created_at < %(before)s::timestamptz)
    ORDER BY m.seq DESC LIMIT 1
) new
JOIN accounts_user u ON u.id = new.sender_id
ORDER BY new.created_at DESC
"""
