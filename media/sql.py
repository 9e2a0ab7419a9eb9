"""Media as a column of what shows them."""

from media.payloads import BLOB_COLUMNS

_COLUMNS = ", ".join(f"'{name}', b.{name}" for name in BLOB_COLUMNS)

#: Of an array of ids, put in for ``%(expressions)s``: those media that there are, in its order, as
#: JSON for ``media.payloads.payload_of``; null for none. Indexes: the two primary keys.
MEDIA_OF = f"""(
    SELECT jsonb_agg(
        jsonb_build_object('id', md.id, 'name', md.name, {_COLUMNS})
        ORDER BY array_position(%(expressions)s, md.id)
    )
    FROM media_medium md JOIN media_blob b ON b.id = md.blob_id
    WHERE md.id = ANY(%(expressions)s)
)"""
