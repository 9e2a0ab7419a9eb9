"""The hot statements, each a constant with the indexes it relies on. Arrays, one a column."""

SEND = """
-- Appends messages. Per item: a row with its state; chats are locked in id order.
-- Indexes: chat_message_client_id (repeats), chat_membership_once, one_connection_a_pair.
-- An item's columns travel with its chat's row as arrays, so that no two CTEs are ever joined:
-- their sizes are unknown to the planner, which would compare each row with each.
WITH inp AS MATERIALIZED (
    SELECT * FROM unnest(
        %(i)s::int[], %(chat)s::bigint[], %(sender)s::bigint[], %(client_id)s::text[],
        %(digest)s::bytea[], %(kind)s::text[], %(text)s::text[]
    ) AS t(i, chat_id, sender_id, client_id, digest, kind, text)
), dup AS MATERIALIZED (
    SELECT inp.i, m.chat_id, m.seq, m.created_at, m.digest = inp.digest AS same
    FROM inp CROSS JOIN LATERAL (
        SELECT * FROM chat_message m
        WHERE m.sender_id = inp.sender_id AND m.client_id = inp.client_id
        OFFSET 0  -- probe by index, also with a plan made when the table was empty
    ) m
), mine AS MATERIALIZED (
    SELECT inp.*, ch.low_id, ch.high_id,
        (ch.kind = 'group' OR EXISTS (
            SELECT 1 FROM connections_connection c
            WHERE c.low_id = ch.low_id AND c.high_id = ch.high_id
        )) AS is_open
    FROM inp
    JOIN chat_chat ch ON ch.id = inp.chat_id
    JOIN chat_membership mb ON mb.chat_id = inp.chat_id AND mb.user_id = inp.sender_id
    WHERE NOT EXISTS (SELECT 1 FROM dup WHERE dup.i = inp.i)
), per_chat AS MATERIALIZED (
    SELECT chat_id, min(low_id) AS low_id, min(high_id) AS high_id, count(*) AS n,
        array_agg(i ORDER BY i) AS items, array_agg(sender_id ORDER BY i) AS senders,
        array_agg(client_id ORDER BY i) AS client_ids, array_agg(digest ORDER BY i) AS digests,
        array_agg(kind ORDER BY i) AS kinds, array_agg(text ORDER BY i) AS texts
    FROM mine WHERE is_open GROUP BY chat_id
), locked AS MATERIALIZED (
    SELECT per_chat.* FROM per_chat JOIN chat_chat ch ON ch.id = per_chat.chat_id
    ORDER BY ch.id FOR NO KEY UPDATE OF ch
), bumped AS (
    UPDATE chat_chat ch SET head = ch.head + locked.n, active_at = now()
    FROM locked WHERE ch.id = locked.chat_id
    RETURNING ch.head - locked.n AS base, ch.members_version, locked.*
), placed AS MATERIALIZED (
    SELECT b.chat_id, b.base + t.n AS seq, b.low_id, b.high_id, b.members_version, t.*
    FROM bumped b CROSS JOIN LATERAL unnest(
        b.items, b.senders, b.client_ids, b.digests, b.kinds, b.texts
    ) WITH ORDINALITY AS t(i, sender_id, client_id, digest, kind, text, n)
), inserted AS (
    INSERT INTO chat_message (chat_id, seq, sender_id, client_id, digest, kind, text, created_at)
    SELECT chat_id, seq, sender_id, client_id, digest, kind, text, now() FROM placed
)
SELECT i, 'sent', chat_id, seq, now(), low_id, high_id, members_version FROM placed
UNION ALL
SELECT i, CASE WHEN same THEN 'repeat' ELSE 'reused' END, chat_id, seq, created_at,
    NULL, NULL, NULL
FROM dup
UNION ALL
SELECT i, 'closed', chat_id, NULL, NULL, NULL, NULL, NULL FROM mine WHERE NOT is_open
"""

RAISE_MARKS = """
-- Raises delivered and seen to at least what is asked, never above the head, and keeps the times.
-- Per membership asked for: a row with the marks before and after. Locks memberships in id order;
-- a locked row shows its newest version, so `rises` is decided on what is there now.
-- Index: chat_membership_once, chat_receipt_a_second.
WITH inp AS MATERIALIZED (
    SELECT * FROM unnest(
        %(chat)s::bigint[], %(user)s::bigint[], %(delivered)s::bigint[], %(seen)s::bigint[]
    ) AS t(chat_id, user_id, delivered, seen)
), wanted AS MATERIALIZED (
    SELECT inp.chat_id, inp.user_id, ch.head, ch.low_id, ch.high_id,
        coalesce(max(greatest(inp.delivered, inp.seen))
            FILTER (WHERE greatest(inp.delivered, inp.seen) <= ch.head), 0) AS delivered,
        coalesce(max(inp.seen) FILTER (WHERE inp.seen <= ch.head), 0) AS seen
    FROM inp JOIN chat_chat ch ON ch.id = inp.chat_id
    GROUP BY inp.chat_id, inp.user_id, ch.id
), locked AS MATERIALIZED (
    SELECT m.id, m.delivered AS was_delivered, m.seen AS was_seen, m.marks_at, w.*,
        w.delivered > m.delivered OR w.seen > m.seen AS rises
    FROM wanted w JOIN chat_membership m ON m.chat_id = w.chat_id AND m.user_id = w.user_id
    ORDER BY m.id FOR NO KEY UPDATE OF m
), raised AS (
    UPDATE chat_membership m SET
        delivered = greatest(m.delivered, l.delivered),
        seen = greatest(m.seen, l.seen),
        marks_at = now()
    FROM locked l WHERE m.id = l.id AND l.rises
    RETURNING m.delivered AS now_delivered, m.seen AS now_seen, l.*
), kept AS (
    INSERT INTO chat_receipt (membership_id, kind, second, upto, at)
    SELECT r.id, k.kind, extract(epoch FROM now())::bigint, k.upto, now()
    FROM raised r CROSS JOIN LATERAL (
        SELECT 'delivered', r.now_delivered WHERE r.now_delivered > r.was_delivered
        UNION ALL SELECT 'seen', r.now_seen WHERE r.now_seen > r.was_seen
    ) AS k(kind, upto)
    ON CONFLICT (membership_id, kind, second)
    DO UPDATE SET upto = greatest(chat_receipt.upto, excluded.upto), at = excluded.at
), marks AS (
    SELECT chat_id, user_id, head, was_delivered, was_seen, now_delivered, now_seen,
        now() AS at, low_id, high_id
    FROM raised
    UNION ALL
    SELECT chat_id, user_id, head, was_delivered, was_seen, was_delivered, was_seen,
        marks_at, low_id, high_id
    FROM locked WHERE NOT rises
)
SELECT chat_id, user_id, head, was_delivered, was_seen, now_delivered, now_seen, at,
    CASE WHEN user_id = low_id THEN high_id ELSE low_id END,
    EXISTS (
        SELECT 1 FROM connections_connection c
        WHERE c.low_id = marks.low_id AND c.high_id = marks.high_id
    ),
    NOT EXISTS (
        SELECT 1 FROM accounts_user u WHERE u.id IN (low_id, high_id) AND NOT u.read_receipts
    )
FROM marks
"""

HEADS = """
-- For each user asked for: the position of the personal log, and the heads of the chats that
-- moved lately, at most HEADS_MAX + 1. Indexes: the memberships' by user, primary keys.
SELECT u.id, u.log_position, moved.id, moved.head
FROM accounts_user u
LEFT JOIN LATERAL (
    SELECT ch.id, ch.head
    FROM chat_membership m JOIN chat_chat ch ON ch.id = m.chat_id
    WHERE m.user_id = u.id AND ch.active_at > now() - make_interval(secs => %(seconds)s)
    LIMIT %(limit)s
) moved ON true
WHERE u.id = ANY(%(user)s::bigint[])
"""

_CHAT_COLUMNS = """
SELECT ch.id, ch.kind, ch.name, ch.low_id, ch.high_id, ch.head, ch.created_at, ch.active_at,
    mb.role, mb.delivered, mb.seen, mb.start,
    peer.delivered AS peer_delivered, peer.seen AS peer_seen,
    NOT EXISTS (
        SELECT 1 FROM accounts_user u WHERE u.id IN (ch.low_id, ch.high_id) AND NOT u.read_receipts
    ) AS tells_seen,
    counts.members, unread.n AS unread,
    last.seq, last.sender_id, last.client_id, last.kind AS last_kind, last.text,
    last.created_at AS last_created_at, last.deleted_at AS last_deleted_at
FROM mine
JOIN chat_chat ch ON ch.id = mine.id
JOIN chat_membership mb ON mb.chat_id = ch.id AND mb.user_id = %(user)s
LEFT JOIN chat_membership peer
    ON peer.chat_id = ch.id AND ch.kind = 'direct' AND peer.user_id <> mb.user_id
LEFT JOIN LATERAL (
    SELECT * FROM chat_message m
    WHERE m.chat_id = ch.id AND m.seq > mb.start ORDER BY m.seq DESC LIMIT 1
) last ON true
CROSS JOIN LATERAL (
    SELECT count(*) AS n FROM (
        SELECT 1 FROM chat_message m
        WHERE m.chat_id = ch.id AND m.seq > mb.seen AND m.kind <> 'system'
            AND m.sender_id <> mb.user_id AND m.deleted_at IS NULL
        LIMIT 1000
    ) counted
) unread
CROSS JOIN LATERAL (
    SELECT count(*) AS members FROM chat_membership m WHERE m.chat_id = ch.id
) counts
ORDER BY ch.active_at DESC, ch.id DESC
"""

CHAT_PAGE = (
    """
-- A page of a person's chats by latest activity, with preview and exact unread (up to 1000).
WITH mine AS MATERIALIZED (
    SELECT ch.id FROM chat_membership mb JOIN chat_chat ch ON ch.id = mb.chat_id
    WHERE mb.user_id = %(user)s
        AND (%(kind)s::text IS NULL OR ch.kind = %(kind)s)
        AND (%(after_at)s::timestamptz IS NULL
            OR (ch.active_at, ch.id) < (%(after_at)s::timestamptz, %(after_id)s::bigint))
    ORDER BY ch.active_at DESC, ch.id DESC LIMIT %(limit)s
)
"""
    + _CHAT_COLUMNS
)

CHATS_BY_ID = (
    """
-- Chats by id, as far as they are the person's.
WITH mine AS MATERIALIZED (SELECT unnest(%(ids)s::bigint[]) AS id)
"""
    + _CHAT_COLUMNS
)

EVENTS_AFTER = """
-- What sync sends: of each chat what follows the seq that the client holds, in order, up to limit.
-- Index: chat_message_place.
SELECT m.chat_id, m.seq, m.sender_id, m.client_id, m.kind, m.text, m.created_at, m.deleted_at
FROM unnest(%(chat)s::bigint[], %(after)s::bigint[], %(upto)s::bigint[])
    WITH ORDINALITY AS held(chat_id, after, upto, n)
CROSS JOIN LATERAL (
    SELECT * FROM chat_message m
    WHERE m.chat_id = held.chat_id AND m.seq > held.after AND m.seq <= held.upto
    ORDER BY m.seq LIMIT %(limit)s
) m
ORDER BY held.n, m.seq LIMIT %(limit)s
"""

MARKS_SINCE = """
-- Marks that rose lately in a person's chats: the own ones, and those of others who may be known
-- of; the last column says whether `seen` may be told. Index: the memberships' by user.
SELECT m.id, m.chat_id, m.user_id, m.delivered, m.seen, m.marks_at,
    m.user_id = mine.user_id OR (u.read_receipts AND me.read_receipts)
FROM chat_membership mine
JOIN accounts_user me ON me.id = mine.user_id
JOIN chat_chat ch ON ch.id = mine.chat_id
JOIN chat_membership m ON m.chat_id = ch.id AND m.delivered > 0
    AND (m.marks_at, m.id) > (%(at)s, %(id)s)
JOIN accounts_user u ON u.id = m.user_id
WHERE mine.user_id = %(user)s AND (
    m.user_id = mine.user_id OR ch.kind = 'group' OR EXISTS (
        SELECT 1 FROM connections_connection c WHERE c.low_id = ch.low_id AND c.high_id = ch.high_id
    )
)
ORDER BY m.marks_at, m.id LIMIT %(limit)s
"""
