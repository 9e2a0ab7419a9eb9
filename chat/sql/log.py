"""Reading and appending to the logs of chats."""

PLACES_AFTER = """
-- What sync goes through: of each chat the places that follow the seq that the client holds, in
-- order, up to limit; an event names the message that it happened to.
-- Indexes: chat_message_place, chat_event_place.
SELECT p.chat_id, p.seq, p.message_seq, p.change, p.by_id, p.emoji, p.is_system
FROM unnest(%(chat)s::bigint[], %(after)s::bigint[], %(upto)s::bigint[])
    WITH ORDINALITY AS held(chat_id, after, upto, n)
CROSS JOIN LATERAL (
    (
        SELECT m.chat_id, m.seq, m.seq AS message_seq, NULL AS change, NULL::bigint AS by_id,
            NULL AS emoji, m.kind = 'system' AS is_system
        FROM chat_message m
        WHERE m.chat_id = held.chat_id AND m.seq > held.after AND m.seq <= held.upto
        ORDER BY m.seq LIMIT %(limit)s
    )
    UNION ALL
    (
        SELECT e.chat_id, e.seq, e.message_seq, e.change, e.by_id, e.emoji, false
        FROM chat_chatevent e
        WHERE e.chat_id = held.chat_id AND e.seq > held.after AND e.seq <= held.upto
        ORDER BY e.seq LIMIT %(limit)s
    )
    ORDER BY seq LIMIT %(limit)s
) p
ORDER BY held.n, p.seq LIMIT %(limit)s
"""

SHOWN_IDS = """
-- Of some messages, by place, the keys of those that the person may see; ``chat.queries.shown_to``
-- for many chats at once. Indexes: chat_message_place, chat_membership_once, chat_hidden_once.
SELECT m.id
FROM unnest(%(chat)s::bigint[], %(seq)s::bigint[]) AS w(chat_id, seq)
JOIN chat_message m ON m.chat_id = w.chat_id AND m.seq = w.seq
JOIN chat_membership mb ON mb.chat_id = w.chat_id AND mb.user_id = %(user)s AND m.seq > mb.start
WHERE (m.expires_at IS NULL OR m.expires_at > now())
    AND NOT EXISTS (
        SELECT 1 FROM chat_hidden h
        WHERE h.user_id = %(user)s AND h.chat_id = w.chat_id AND h.seq = w.seq
    )
"""

NEXT_MESSAGE = """
-- The next place of a chat, for a message. Takes the chat's lock to the end of the transaction.
UPDATE chat_chat SET head = head + 1, last_seq = head + 1, active_at = now(), moved_at = now()
WHERE id = %s RETURNING head, members_version, low_id, high_id
"""

NEXT_EVENT = """
-- The next place of a chat, for something that happened to a message; it does not stir the list.
UPDATE chat_chat SET head = head + 1, moved_at = now()
WHERE id = %s RETURNING head, members_version, low_id, high_id
"""
