"""The heartbeat. Arrays, one a column."""

HEADS = """
-- For each user asked for: the position of the personal log, and the heads of the chats that
-- moved lately, at most HEADS_MAX + 1. Indexes: the memberships' by user, primary keys.
SELECT u.id, u.log_position, moved.id, moved.head
FROM accounts_user u
LEFT JOIN LATERAL (
    SELECT ch.id, ch.head
    FROM chat_membership m JOIN chat_chat ch ON ch.id = m.chat_id
    WHERE m.user_id = u.id AND ch.moved_at > now() - make_interval(secs => %(seconds)s)
        AND NOT (m.hidden AND ch.last_seq <= m.start)  -- deleted, and no news since
    LIMIT %(limit)s
) moved ON true
WHERE u.id = ANY(%(user)s::bigint[])
"""
