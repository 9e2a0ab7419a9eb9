"""Until when an account is suspended, and why."""

from django.db import migrations, models


class Migration(migrations.Migration):
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
    ]
