"""The chat list."""

from media.sql import MEDIA_OF

#: The newest message of chat ``ch`` that member ``mb`` may see. Ordered also where it only matters
#: whether there is one: or the planner reads the table from its start, in the hope of meeting it.
_NEWEST = """
    FROM chat_message m
    WHERE m.chat_id = ch.id AND m.seq > mb.start
        AND (m.expires_at IS NULL OR m.expires_at > now())
        AND NOT EXISTS (
            SELECT 1 FROM chat_hidden h
            WHERE h.user_id = mb.user_id AND h.chat_id = ch.id AND h.seq = m.seq
        )
    ORDER BY m.seq DESC LIMIT 1
"""

#: The messages of chat ``ch`` that member ``mb`` has not seen.
UNSEEN = """
    chat_message m
    WHERE m.chat_id = ch.id AND m.seq > greatest(mb.seen, mb.start) AND m.kind <> 'system'
        AND m.sender_id <> mb.user_id AND m.deleted_at IS NULL
        AND (m.expires_at IS NULL OR m.expires_at > now())
        AND NOT EXISTS (
            SELECT 1 FROM chat_hidden h
            WHERE h.user_id = mb.user_id AND h.chat_id = ch.id AND h.seq = m.seq
        )
"""
#: How many they are; 1000 means more.
UNREAD = f"SELECT count(*) AS n FROM (SELECT 1 FROM {UNSEEN} LIMIT 1000) counted"

_CHAT_COLUMNS = f"""
SELECT ch.id, ch.kind, ch.name, ch.description, ch.avatar_id, ch.low_id, ch.high_id,
    ch.post, ch.edit_info, ch.invite, ch.history, ch.disappear_after, ch.members_count,
    ch.head, ch.created_at, ch.active_at,
    mb.role, mb.delivered, mb.seen, mb.start, mb.muted_until, mb.archived, mb.pinned,
    mb.marked_unread, mb.draft, mb.hidden,
    least.delivered AS least_delivered, least.seen AS least_seen,
    unread.n AS unread, mentions.n AS mentions,
    EXISTS (
        SELECT 1 FROM chat_star s
        WHERE s.user_id = mb.user_id AND s.chat_id = ch.id AND s.seq = last.seq
    ) AS is_starred,
    last.seq, last.sender_id, last.client_id, last.kind AS last_kind, last.text, last.content,
    last.reply_to, last.forwards, last.mentions AS last_mentions, last.preview,
    last.created_at AS last_created_at, last.edited_at,
    -- What an erased person wrote is gone, though a worker takes a while to empty it.
    coalesce(
        last.deleted_at, (SELECT u.deleted_at FROM accounts_user u WHERE u.id = last.sender_id)
    ) AS gone_at,
    last.pinned_at, last.expires_at, quoted.quote,
    {MEDIA_OF % {"expressions": "last.attachments"}} AS attached
FROM mine
JOIN chat_chat ch ON ch.id = mine.id
JOIN chat_membership mb ON mb.chat_id = ch.id AND mb.user_id = %(user)s
LEFT JOIN LATERAL (SELECT m.* {_NEWEST}) last ON true
LEFT JOIN LATERAL (
    SELECT jsonb_build_object(
        'seq', q.seq, 'sender', q.sender_id, 'kind', q.kind, 'text', left(q.text, 200),
        'gone', q.deleted_at IS NOT NULL OR coalesce(q.expires_at <= now(), false) OR EXISTS (
            SELECT 1 FROM accounts_user u WHERE u.id = q.sender_id AND u.deleted_at IS NOT NULL
        )
    ) AS quote
    FROM chat_message q WHERE q.chat_id = ch.id AND q.seq = last.reply_to
) quoted ON true
LEFT JOIN LATERAL (
    -- How far the others have got to whom an own last message was sent, for its status. Who tells
    -- no seen marks is left out of them; who is told none sees none.
    SELECT min(m.delivered) AS delivered,
        min(m.seen) FILTER (WHERE u.read_receipts AND me.read_receipts) AS seen
    FROM chat_membership m
    JOIN accounts_user u ON u.id = m.user_id
    JOIN accounts_user me ON me.id = mb.user_id
    WHERE m.chat_id = ch.id AND m.user_id <> mb.user_id AND last.sender_id = mb.user_id
        AND m.joined < last.seq
) least ON true
CROSS JOIN LATERAL (
    {UNREAD}
) unread
CROSS JOIN LATERAL (
    SELECT count(*) AS n FROM (
        SELECT 1 FROM chat_message m
        WHERE m.chat_id = ch.id AND m.seq > greatest(mb.seen, mb.start)
            AND m.mentions IS NOT NULL AND m.mentions && ARRAY[0, mb.user_id]
            AND m.sender_id <> mb.user_id AND m.deleted_at IS NULL
            AND (m.expires_at IS NULL OR m.expires_at > now())
            AND NOT EXISTS (
                SELECT 1 FROM chat_hidden h
                WHERE h.user_id = mb.user_id AND h.chat_id = ch.id AND h.seq = m.seq
            )
        LIMIT 1000
    ) counted
) mentions
"""

CHAT_PAGE = (
    f"""
-- A page of a person's chats by latest activity, with preview and exact counts (up to 1000).
-- Indexes: chat_membership_user, chat_message_place, chat_message_mentions, chat_hidden_once.
WITH mine AS MATERIALIZED (
    SELECT ch.id FROM chat_membership mb JOIN chat_chat ch ON ch.id = mb.chat_id
    WHERE mb.user_id = %(user)s AND mb.archived = %(archived)s
        AND (%(pinned)s::boolean IS NULL OR mb.pinned = %(pinned)s)
        AND (%(kind)s::text IS NULL OR ch.kind = %(kind)s)
        AND (NOT mb.hidden OR (SELECT m.seq {_NEWEST}) IS NOT NULL)
        AND (%(after_at)s::timestamptz IS NULL
            OR (ch.active_at, ch.id) < (%(after_at)s::timestamptz, %(after_id)s::bigint))
    ORDER BY ch.active_at DESC, ch.id DESC LIMIT %(limit)s
)
"""
    + _CHAT_COLUMNS
    + """
ORDER BY ch.active_at DESC, ch.id DESC
"""
)

CHATS_BY_ID = (
    """
-- Chats by id, as far as they are the person's.
WITH mine AS MATERIALIZED (SELECT unnest(%(ids)s::bigint[]) AS id)
"""
    + _CHAT_COLUMNS
    + """
ORDER BY ch.active_at DESC, ch.id DESC
"""
)

UNLISTED = f"""
-- The chats that a person has deleted from the list and that have nothing to show since.
SELECT ch.id FROM chat_membership mb JOIN chat_chat ch ON ch.id = mb.chat_id
WHERE mb.user_id = %s AND mb.hidden AND (SELECT m.seq {_NEWEST}) IS NULL
"""

TALLIES = """
-- What people have put on some messages: per message, reaction ('r') or vote ('v') and choice a row
-- with the first five, in the order in which they came, the count, and whether the viewer is among
-- them. Indexes: chat_one_reaction_each, chat_one_vote_an_option.
WITH wanted AS MATERIALIZED (
    SELECT * FROM unnest(%(chat)s::bigint[], %(seq)s::bigint[]) AS w(chat_id, seq)
)
SELECT w.chat_id, w.seq, 'r', r.emoji, (array_agg(r.user_id ORDER BY r.id))[1:5], count(*),
    bool_or(r.user_id = %(viewer)s), min(r.id)
FROM wanted w JOIN chat_reaction r ON r.chat_id = w.chat_id AND r.seq = w.seq
GROUP BY w.chat_id, w.seq, r.emoji
UNION ALL
SELECT w.chat_id, w.seq, 'v', v.option::text, (array_agg(v.user_id ORDER BY v.id))[1:5],
    count(*), bool_or(v.user_id = %(viewer)s), min(v.id)
FROM wanted w JOIN chat_vote v ON v.chat_id = w.chat_id AND v.seq = w.seq
GROUP BY w.chat_id, w.seq, v.option
ORDER BY 8
"""
