"""Sending. Arrays, one a column."""

SEND = """
-- Appends messages. Per item: a row with its state; chats are locked in id order.
-- Indexes: chat_message_client_id (repeats), chat_membership_once, one_connection_a_pair.
-- An item's columns travel with its chat's row as arrays, so that no two CTEs are ever joined:
-- their sizes are unknown to the planner, which would compare each row with each.
-- `extra` is null for plain text, and holds only what the message has.
WITH inp AS MATERIALIZED (
    SELECT * FROM unnest(
        %(i)s::int[], %(chat)s::bigint[], %(sender)s::bigint[], %(client_id)s::text[],
        %(digest)s::bytea[], %(kind)s::text[], %(text)s::text[], %(extra)s::jsonb[]
    ) AS t(i, chat_id, sender_id, client_id, digest, kind, text, extra)
), dup AS MATERIALIZED (
    SELECT inp.i, m.chat_id, m.seq, m.created_at, m.digest = inp.digest AS same
    FROM inp CROSS JOIN LATERAL (
        SELECT * FROM chat_message m
        WHERE m.sender_id = inp.sender_id AND m.client_id = inp.client_id
        OFFSET 0  -- probe by index, also with a plan made when the table was empty
    ) m
), mine AS MATERIALIZED (
    SELECT inp.*, ch.low_id, ch.high_id, ch.members_version,
        CASE
            WHEN ch.kind = 'direct' AND NOT EXISTS (
                SELECT 1 FROM connections_connection c
                WHERE c.low_id = ch.low_id AND c.high_id = ch.high_id
            ) THEN 'closed'
            WHEN ch.post = 'admins' AND mb.role = 'member' THEN 'read_only'
        END AS refusal
    FROM inp
    JOIN chat_chat ch ON ch.id = inp.chat_id
    JOIN chat_membership mb ON mb.chat_id = inp.chat_id AND mb.user_id = inp.sender_id
    WHERE NOT EXISTS (SELECT 1 FROM dup WHERE dup.i = inp.i)
), per_chat AS MATERIALIZED (
    SELECT chat_id, min(low_id) AS low_id, min(high_id) AS high_id, count(*) AS n,
        array_agg(i ORDER BY i) AS items, array_agg(sender_id ORDER BY i) AS senders,
        array_agg(client_id ORDER BY i) AS client_ids, array_agg(digest ORDER BY i) AS digests,
        array_agg(kind ORDER BY i) AS kinds, array_agg(text ORDER BY i) AS texts,
        array_agg(extra ORDER BY i) AS extras, min(members_version) AS version
    FROM mine WHERE refusal IS NULL GROUP BY chat_id
), locked AS MATERIALIZED (
    -- Who waited for the lock sees the row as it is now: if somebody has come or gone meanwhile, or
    -- others may write, what was read of the members is old.
    SELECT per_chat.*, ch.members_version <> per_chat.version AS has_moved
    FROM per_chat JOIN chat_chat ch ON ch.id = per_chat.chat_id
    ORDER BY ch.id FOR NO KEY UPDATE OF ch
), bumped AS (
    UPDATE chat_chat ch SET head = ch.head + locked.n, last_seq = ch.head + locked.n,
        active_at = now(), moved_at = now()
    FROM locked WHERE ch.id = locked.chat_id AND NOT locked.has_moved
    RETURNING ch.head - locked.n AS base, ch.members_version,
        now() + make_interval(secs => ch.disappear_after) AS expires_at, locked.*
), placed AS MATERIALIZED (
    SELECT b.chat_id, b.base + t.n AS seq, b.low_id, b.high_id, b.members_version,
        b.expires_at, t.*
    FROM bumped b CROSS JOIN LATERAL unnest(
        b.items, b.senders, b.client_ids, b.digests, b.kinds, b.texts, b.extras
    ) WITH ORDINALITY AS t(i, sender_id, client_id, digest, kind, text, extra, n)
), inserted AS (
    INSERT INTO chat_message (
        chat_id, seq, sender_id, client_id, digest, kind, text, created_at, expires_at,
        content, reply_to, forwards, mentions, attachments
    )
    SELECT chat_id, seq, sender_id, client_id, digest, kind, text, now(), expires_at,
        extra->'content', (extra->>'reply_to')::bigint,
        coalesce((extra->>'forwards')::smallint, 0),
        translate(extra->>'mentions', '[]', '{}')::bigint[],
        translate(extra->>'attachments', '[]', '{}')::bigint[]
    FROM placed
)
SELECT i, 'sent', chat_id, seq, now(), low_id, high_id, members_version, expires_at FROM placed
UNION ALL
SELECT i, CASE WHEN same THEN 'repeat' ELSE 'reused' END, chat_id, seq, created_at,
    NULL, NULL, NULL, NULL
FROM dup
UNION ALL
SELECT unnest(items), 'again', chat_id, NULL, NULL, NULL, NULL, NULL, NULL FROM locked
WHERE has_moved
UNION ALL
SELECT i, refusal, chat_id, NULL, NULL, NULL, NULL, NULL, NULL FROM mine
WHERE refusal IS NOT NULL
"""
