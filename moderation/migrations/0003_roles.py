"""The roles: moderators work off the queue, admins look after everything. Superusers as ever.

Permissions are else made after all migrations, so here by hand; what an operator changes about the
roles later is left alone.
"""

from typing import Any

from django.db import migrations

MODERATOR = {
    "accounts.user": ["view_user"],
    "moderation.report": [
        "view_report",
        "handle_reports",
        "delete_content",
        "warn_people",
        "suspend_people",
        "read_messages",
    ],
}
ADMIN = {
    "accounts.challenge": ["view_challenge"],
    "accounts.counter": ["view_counter"],
    # Changing a device is signing it out: the admin offers nothing else.
    "accounts.device": ["view_device", "change_device"],
    "accounts.personalevent": ["view_personalevent"],
    "calls.call": ["view_call"],
    "calls.participant": ["view_participant"],
    "chat.chat": ["view_chat"],
    "chat.chatevent": ["view_chatevent"],
    "chat.invite": ["view_invite"],
    "chat.joinrequest": ["view_joinrequest"],
    "chat.membership": ["view_membership"],
    "chat.message": ["view_message"],
    "connections.block": ["view_block"],
    "connections.connection": ["view_connection"],
    "connections.connectionrequest": ["view_connectionrequest"],
    "media.blob": ["view_blob"],
    "media.hold": ["view_hold"],
    "media.medium": ["view_medium"],
    "media.upload": ["view_upload"],
    "moderation.auditentry": ["view_auditentry"],
    "moderation.report": ["sanction_staff"],
    "statuses.status": ["view_status"],
    "statuses.view": ["view_view"],
}


def make_roles(apps: Any, schema_editor: Any) -> None:
    """Makes the two groups with their permissions; those that are there are kept."""
    groups = apps.get_model("auth", "Group").objects
    moderator, _ = groups.get_or_create(name="moderator")
    admin, _ = groups.get_or_create(name="admin")
    moderator.permissions.add(*_permissions(apps, MODERATOR))
    admin.permissions.add(*_permissions(apps, MODERATOR), *_permissions(apps, ADMIN))


def _permissions(apps: Any, of_models: dict[str, list[str]]) -> list[Any]:
    types = apps.get_model("contenttypes", "ContentType").objects
    permissions = apps.get_model("auth", "Permission").objects
    names = dict(apps.get_model("moderation", "Report")._meta.permissions)
    found = []
    for label, codenames in of_models.items():
        app_label, model = label.split(".")
        content_type, _ = types.get_or_create(app_label=app_label, model=model)
        for codename in codenames:
            permission, _ = permissions.get_or_create(
                content_type=content_type,
                codename=codename,
                defaults={"name": names.get(codename, f"Can {codename.replace('_', ' ')}")},
            )
            found.append(permission)
    return found


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0002_append_only"),
        ("accounts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
