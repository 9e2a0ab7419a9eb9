"""The index of search."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations

from core.indexes import while_people_write


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("chat", "0009_search"),
    ]

    operations = while_people_write(
        AddIndexConcurrently(
            "searchentry",
            GinIndex(fields=["keys"], gin_pending_list_limit=1024, name="chat_search_keys"),
        ),
    )
