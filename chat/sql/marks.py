"""Receipts. Arrays, one a column."""

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
        -- Who has looked at something new has looked at the chat.
        marked_unread = m.marked_unread AND l.seen <= m.seen,
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
        SELECT 1 FROM accounts_user u
        WHERE u.id IN (marks.user_id, low_id, high_id) AND NOT u.read_receipts
    )
FROM marks
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

SENDERS_COVERED = """
-- Per mark that has risen in a group: the members who sent what it newly covers, of the last
-- messages up to it; for a seen mark those who are told such. Index: chat_message_place.
SELECT w.i, ARRAY(
    SELECT DISTINCT m.sender_id
    FROM chat_message m
    JOIN chat_membership mb ON mb.chat_id = m.chat_id AND mb.user_id = m.sender_id
    JOIN accounts_user u ON u.id = m.sender_id
    WHERE m.chat_id = w.chat_id AND m.seq > w.after AND m.seq <= w.upto
        AND m.sender_id <> w.user_id AND (u.read_receipts OR NOT w.is_seen)
)
FROM unnest(
    %(i)s::int[], %(chat)s::bigint[], %(user)s::bigint[], %(after)s::bigint[], %(upto)s::bigint[],
    %(is_seen)s::boolean[]
) AS w(i, chat_id, user_id, after, upto, is_seen)
"""

REACHED = """
-- Of the members to whom a message of the viewer's was sent: when their marks passed it; the last
-- column says whether they tell `seen`. Marks only rise, so the first time since the sending at
-- which one was there is found after a few rows (a minute less, should the clock be set back),
-- however long people go on reading. Indexes: chat_membership_once, chat_receipt_a_second.
SELECT m.user_id, delivered.at, seen.at, u.read_receipts
FROM chat_message sent
JOIN chat_membership m ON m.chat_id = sent.chat_id AND m.joined < sent.seq
    AND m.user_id <> %(viewer)s
JOIN accounts_user u ON u.id = m.user_id
LEFT JOIN LATERAL (
    SELECT r.at FROM chat_receipt r
    WHERE r.membership_id = m.id AND r.kind = 'delivered' AND r.upto >= sent.seq
        AND r.second >= extract(epoch FROM sent.created_at)::bigint - 60
    ORDER BY r.second LIMIT 1
) delivered ON true
LEFT JOIN LATERAL (
    SELECT r.at FROM chat_receipt r
    WHERE r.membership_id = m.id AND r.kind = 'seen' AND r.upto >= sent.seq
        AND r.second >= extract(epoch FROM sent.created_at)::bigint - 60
    ORDER BY r.second LIMIT 1
) seen ON true
WHERE sent.chat_id = %(chat)s AND sent.seq = %(seq)s
ORDER BY m.id
"""
