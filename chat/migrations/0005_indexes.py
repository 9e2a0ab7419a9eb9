"""Indexes of tables that may be large, made while people write."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

from core.indexes import while_people_write

_GROUP_CLIENT_ID = models.UniqueConstraint(
    fields=["creator", "client_id"],
    condition=Q(client_id__isnull=False),
    name="chat_group_client_id",
)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("chat", "0004_fill_chats"),
    ]

    operations = while_people_write(
        AddIndexConcurrently(
            "membership",
            models.Index(
                fields=["invite"],
                condition=Q(invite__isnull=False),
                name="chat_membership_invite",
            ),
        ),
        AddIndexConcurrently(
            "message",
            models.Index(
                fields=["chat", "seq"],
                condition=Q(mentions__isnull=False),
                name="chat_message_mentions",
            ),
        ),
        AddIndexConcurrently(
            "message",
            models.Index(
                fields=["chat", "pinned_at"],
                condition=Q(pinned_at__isnull=False),
                name="chat_message_pinned",
            ),
        ),
        AddIndexConcurrently(
            "message",
            models.Index(
                fields=["expires_at"],
                condition=Q(expires_at__isnull=False, deleted_at__isnull=True),
                name="chat_message_expires",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY chat_group_client_id"
                    " ON chat_chat (creator_id, client_id) WHERE client_id IS NOT NULL",
                    "DROP INDEX CONCURRENTLY chat_group_client_id",
                )
            ],
            state_operations=[migrations.AddConstraint("chat", _GROUP_CLIENT_ID)],
        ),
        others=["chat_group_client_id"],
    )
