"""What a person uploads may stay as it is; a choice, the tables stay the same."""

from django.db import migrations, models

_PURPOSES = [("", "Plain"), ("voice", "Voice"), ("avatar", "Avatar"), ("file", "File")]


def _purpose() -> models.CharField:
    return models.CharField(blank=True, choices=_PURPOSES, default="", max_length=6)


class Migration(migrations.Migration):
    dependencies = [("media", "0001_initial")]

    operations = [
        migrations.AlterField(model_name="blob", name="purpose", field=_purpose()),
        migrations.AlterField(model_name="upload", name="purpose", field=_purpose()),
    ]
