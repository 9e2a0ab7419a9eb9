"""Moderators see the jobs, admins also who has asked for their data; nobody of them changes any."""

from typing import Any

from django.db import migrations

SEEN = {
    "moderator": [("procrastinate", "procrastinatejob")],
    "admin": [("procrastinate", "procrastinatejob"), ("exports", "export")],
}


def let_see(apps: Any, schema_editor: Any) -> None:
    """Adds to the roles, as far as the operator has kept them."""
    types = apps.get_model("contenttypes", "ContentType").objects
    permissions = apps.get_model("auth", "Permission").objects
    for group in apps.get_model("auth", "Group").objects.filter(name__in=SEEN):
        for app_label, model in SEEN[group.name]:
            content_type, _ = types.get_or_create(app_label=app_label, model=model)
            permission, _ = permissions.get_or_create(
                content_type=content_type,
                codename=f"view_{model}",
                defaults={"name": f"Can view {model}"},
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0003_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(let_see, migrations.RunPython.noop)]
