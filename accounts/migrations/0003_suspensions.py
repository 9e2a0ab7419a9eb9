"""Until when an account is suspended, and why. Not atomic, as the index is made while people sign in."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

from core.indexes import while_people_write


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0002_user_avatar_id"),
    ]

    operations = [
        migrations.AddField(
            "user",
            "suspended_until",
            models.DateTimeField(null=True, blank=True, editable=False),
        ),
        migrations.AddField(
            "user",
            "suspension_reason",
            models.CharField(max_length=300, blank=True, default="", db_default="", editable=False),
        ),
        *while_people_write(
            AddIndexConcurrently(
                "user",
                models.Index(
                    fields=["suspended_until"],
                    condition=Q(suspended_until__isnull=False),
                    name="accounts_user_suspended_until",
                ),
            ),
        ),
    ]
