"""Search: finding, and keeping the index."""

PLAN = """
-- Holds the rest of the transaction to index probes: a plan cannot know how common words are.
-- Answers the newest message that the index has.
SELECT set_config('statement_timeout', %(timeout)s, true), set_config('jit', 'off', true),
    set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
    set_config('enable_mergejoin', 'off', true),
    (SELECT max(message_id) FROM chat_searchentry)
"""

FIND = """
-- The newest messages that match and that the person may see now; the rules are those of
-- chat.queries.shown_to. Block after block of ids, from the newest: a lateral join keeps the order
-- of the blocks and ends with the one that fills the page.
-- Indexes: chat_search_keys, primary keys, chat_membership_once, chat_hidden_once.
-- The three conditions on the keys are one scan of the index, which skips to where all hold; as one
-- condition it would go through everything that the rarest of them has.
SELECT hit.id, hit.chat_id, hit.seq, hit.rank
FROM unnest(%(blocks)s::int[]) AS block(key)
CROSS JOIN LATERAL (
    SELECT m.id, m.chat_id, m.seq,
        CASE WHEN %(is_ranked)s THEN ts_rank(e.words, %(words)s::tsquery) END AS rank
    FROM (
        SELECT message_id, words FROM chat_searchentry
        WHERE keys @> ARRAY[block.key] AND keys @> %(keys)s::int[]
            AND (%(own)s::int[] IS NULL OR keys && %(own)s::int[])
        OFFSET 0  -- first, and by this index: not for each membership, nor backwards through ids
    ) e
    CROSS JOIN LATERAL (SELECT * FROM chat_message m WHERE m.id = e.message_id OFFSET 0) m
    CROSS JOIN LATERAL (
        SELECT user_id FROM chat_membership mb
        WHERE mb.chat_id = m.chat_id AND mb.user_id = %(user)s AND mb.start < m.seq OFFSET 0
    ) mb
    WHERE m.id < %(below)s AND e.words @@ %(words)s::tsquery
        AND m.deleted_at IS NULL AND m.kind <> 'system'
        AND (m.expires_at IS NULL OR m.expires_at > now())
        AND (%(chat)s::bigint IS NULL OR m.chat_id = %(chat)s)
        AND (%(sender)s::bigint IS NULL OR m.sender_id = %(sender)s)
        AND (%(kind)s::text IS NULL OR m.kind = %(kind)s)
        AND (%(after)s::timestamptz IS NULL OR m.created_at >= %(after)s)
        AND (%(before)s::timestamptz IS NULL OR m.created_at < %(before)s)
        AND NOT EXISTS (
            SELECT 1 FROM chat_hidden h
            WHERE h.user_id = mb.user_id AND h.chat_id = m.chat_id AND h.seq = m.seq
        )
    ORDER BY m.id DESC LIMIT %(limit)s
) hit
LIMIT %(limit)s
"""

DATES = """
-- The blocks of ids outside of which no message was sent in a span of time.
SELECT (SELECT min(id) FROM chat_searchblock WHERE last_at >= %(after)s),
    (SELECT max(id) FROM chat_searchblock WHERE first_at < %(before)s)
"""

TURN = """
-- For the rest of the transaction: one indexer at a time, so that the next one sees what this one
-- has added; and no plan that begins with reading all there is.
SELECT pg_advisory_xact_lock(hashtextextended('search', 0)),
    set_config('enable_hashjoin', 'off', true)
"""

LACKING = """
-- The newest messages between two ids that have no entry. Indexes: primary keys.
SELECT m.id FROM chat_message m
WHERE m.id > %(above)s AND m.id < %(below)s
    AND NOT EXISTS (
        SELECT 1 FROM chat_searchentry e
        WHERE e.message_id = m.id AND e.message_id > %(above)s AND e.message_id < %(below)s
    )
ORDER BY m.id DESC LIMIT %(limit)s
"""

_WRITE = """
-- Keys in one order, so that two who write wait for each other only one way round.
INSERT INTO chat_searchentry (message_id, keys, words)
SELECT id, keys::int[], words::tsvector
FROM unnest(%(ids)s::bigint[], %(keys)s::text[], %(words)s::text[]) AS t(id, keys, words)
ORDER BY id
"""

ADD = _WRITE + "ON CONFLICT (message_id) DO NOTHING"

REPLACE = (
    _WRITE + "ON CONFLICT (message_id) DO UPDATE SET keys = excluded.keys, words = excluded.words"
)

EMPTY = """
-- Leaves an empty entry for each of some messages; the place for their condition is in braces.
INSERT INTO chat_searchentry (message_id, keys, words)
SELECT id, '{{}}', '' FROM ({}) AS gone ORDER BY id
ON CONFLICT (message_id) DO UPDATE SET keys = excluded.keys, words = excluded.words
"""

DATE = """
-- Widens the blocks of some messages to hold their times. A block that does is not touched, so that
-- an edit does not keep the indexer waiting. Indexes: primary keys.
INSERT INTO chat_searchblock AS b (id, first_at, last_at)
SELECT * FROM (
    SELECT id >> %(bits)s AS block, min(created_at) AS first_at, max(created_at) AS last_at
    FROM chat_message WHERE id = ANY(%(ids)s::bigint[]) GROUP BY 1
) t
WHERE NOT EXISTS (
    SELECT 1 FROM chat_searchblock b
    WHERE b.id = t.block AND b.first_at <= t.first_at AND b.last_at >= t.last_at
)
ORDER BY block
ON CONFLICT (id) DO UPDATE SET first_at = least(b.first_at, excluded.first_at),
    last_at = greatest(b.last_at, excluded.last_at)
"""

HORIZON = """
-- Every transaction below the first number has ended, none has got the second yet; and the newest
-- message that has an entry.
SELECT pg_snapshot_xmin(now.at)::text::bigint, pg_snapshot_xmax(now.at)::text::bigint,
    coalesce((SELECT max(message_id) FROM chat_searchentry), 0)
FROM pg_current_snapshot() AS now(at)
"""
