"""The audit log can only grow: whatever code asks for, the database refuses the rest."""

from django.db import migrations

_REFUSE = """
CREATE FUNCTION moderation_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER moderation_auditentry_append_only
    BEFORE UPDATE OR DELETE ON moderation_auditentry
    FOR EACH ROW EXECUTE FUNCTION moderation_refuse_change();
"""

_ALLOW = """
DROP TRIGGER moderation_auditentry_append_only ON moderation_auditentry;
DROP FUNCTION moderation_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0001_initial"),
    ]

    operations = [migrations.RunSQL(_REFUSE, _ALLOW)]
