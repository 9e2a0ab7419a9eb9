"""Media as a column of what shows them."""

from media.payloads import BLOB_COLUMNS

_COLUMNS = ", ".join(f"'{name}', b.{name}" for name in BLOB_COLUMNS)

#: Of an array of ids, put in for ``%(expressions)s``: those media that there are, in its order, as
#: JSON for ``media.payloads.payload_of``; null for none. Those of an erased person are gone, though
#: a worker takes a while to delete them. Indexes: the primary keys.
MEDIA_OF = f"""(
    SELECT jsonb_agg(
        jsonb_build_object('id', md.id, 'name', md.name, {_COLUMNS})
        ORDER BY array_position(%(expressions)s, md.id)
    )
    FROM media_medium md
    JOIN media_blob b ON b.id = md.blob_id
    JOIN accounts_user o ON o.id = md.owner_id AND o.deleted_at IS NULL
    WHERE md.id = ANY(%(expressions)s)
)"""
