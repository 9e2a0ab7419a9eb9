"""What messages show of media."""

SHOWN_MEDIA = """
-- Of some media those that a message shows which the person may see (``chat.queries.shown_to`` from
-- the other side), and pictures of the person's groups. Indexes: media_hold_once_a_holder, primary
-- keys, chat_membership_once, chat_hidden_once.
SELECT h.medium_id
FROM media_hold h
JOIN chat_message m ON m.id = h.holder_id AND m.deleted_at IS NULL
JOIN chat_membership mb ON mb.chat_id = m.chat_id AND mb.user_id = %(user)s AND m.seq > mb.start
WHERE h.kind = 'message' AND h.medium_id = ANY(%(media)s::bigint[])
    AND (m.expires_at IS NULL OR m.expires_at > now())
    -- What an erased person wrote is gone, though a worker takes a while to empty it.
    AND NOT EXISTS (
        SELECT 1 FROM accounts_user u WHERE u.id = m.sender_id AND u.deleted_at IS NOT NULL
    )
    AND NOT EXISTS (
        SELECT 1 FROM chat_hidden hd
        WHERE hd.user_id = %(user)s AND hd.chat_id = m.chat_id AND hd.seq = m.seq
    )
UNION
SELECT h.medium_id
FROM media_hold h
JOIN chat_chat ch ON ch.id = h.holder_id AND ch.avatar_id = h.medium_id
JOIN chat_membership mb ON mb.chat_id = ch.id AND mb.user_id = %(user)s
WHERE h.kind = 'group' AND h.medium_id = ANY(%(media)s::bigint[])
"""
