"""Media, files and links of a chat are found among all its messages; made while people write."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

from core.indexes import while_people_write

_LINK = r"""(^|[^a-z0-9_])(https?://|www\.[a-z0-9-]+\.)[^\s<>"']"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("chat", "0011_places"),
    ]

    operations = while_people_write(
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
    )
