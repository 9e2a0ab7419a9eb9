"""Media, files and links of a chat are found among all its messages; made while people write."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

_LINK = r"""(^|[^a-z0-9_])(https?://|www\.[a-z0-9-]+\.)[^\s<>"']"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("chat", "0011_places"),
    ]

    operations = [
        # The limits of a request are too short for an index over millions of messages, and what an
        # earlier try was stopped at is in the way of the next.
        migrations.RunSQL(
            [
                "SET statement_timeout = 0",
                "SET lock_timeout = 0",
                "DROP INDEX CONCURRENTLY IF EXISTS chat_message_media",
                "DROP INDEX CONCURRENTLY IF EXISTS chat_message_files",
                "DROP INDEX CONCURRENTLY IF EXISTS chat_message_links",
            ],
            migrations.RunSQL.noop,
        ),
        AddIndexConcurrently(
            "message",
            models.Index(
                fields=["chat", "seq"],
                condition=Q(kind__in=["image", "video"], deleted_at__isnull=True),
                name="chat_message_media",
            ),
        ),
        AddIndexConcurrently(
            "message",
            models.Index(
                fields=["chat", "seq"],
                condition=Q(kind__in=["file", "audio"], deleted_at__isnull=True),
                name="chat_message_files",
            ),
        ),
        AddIndexConcurrently(
            "message",
            models.Index(
                fields=["chat", "seq"],
                condition=Q(text__iregex=_LINK, deleted_at__isnull=True),
                name="chat_message_links",
            ),
        ),
        migrations.RunSQL(
            ["RESET statement_timeout", "RESET lock_timeout"], migrations.RunSQL.noop
        ),
    ]
