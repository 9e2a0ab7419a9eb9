"""What the new columns of chats say about chats that were there before."""

from django.db import migrations

_FILL = """
UPDATE chat_chat ch SET
    last_seq = ch.head,  -- until now everything in a log was a message
    moved_at = ch.active_at,
    members_count = (SELECT count(*) FROM chat_membership m WHERE m.chat_id = ch.id)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("chat", "0003_groups_and_events"),
    ]

    operations = [migrations.RunSQL(_FILL, migrations.RunSQL.noop)]
