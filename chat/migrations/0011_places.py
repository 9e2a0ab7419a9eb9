"""What people have put on a message is found by its place, too; made while people write."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from core.indexes import while_people_write


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("chat", "0010_search_keys"),
    ]

    operations = while_people_write(
        AddIndexConcurrently(
            "hidden", models.Index(fields=["chat", "seq"], name="chat_hidden_place")
        ),
        AddIndexConcurrently("star", models.Index(fields=["chat", "seq"], name="chat_star_place")),
    )
