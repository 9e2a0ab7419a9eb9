"""What an erased person leaves behind here: that there were reports, and the audit log.

The log names people by id only. It is the record that the law of the project lets stay.
"""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType

from accounts.models import User
from media.actions.media import release
from moderation.actions.reports import HOLDER
from moderation.models import Report


def forget_person(user_id: int) -> None:
    """Empties reports about the person, takes their words out of the evidence of others, and what
    they wrote to staff.

    In the transaction that erases the account, which holds the person's row: no report with their
    words can be made meanwhile.
    """
    Report.objects.filter(reporter_id=user_id).update(comment="", answer="")
    about = Report.objects.filter(user_id=user_id)
    release(HOLDER, list(about.values_list("pk", flat=True)))
    about.update(evidence={}, comment="", people=[])
    named = Report.objects.filter(people__contains=[user_id]).order_by("pk")
    for report in named.select_for_update(no_key=True, of=("self",)):
        messages = [*report.evidence.get("before", []), report.evidence.get("message", {})]
        for message in messages:
            if message.get("sender") == str(user_id):
                message.update(text=None, content=None, attachments=[])
        report.evidence.get("users", {}).pop(str(user_id), None)
        report.people.remove(user_id)
        report.save(update_fields=["evidence", "people"])
    # Django's own log keeps names.
    users = ContentType.objects.get_for_model(User)
    logged = LogEntry.objects.filter(content_type=users, object_id=str(user_id))
    logged.update(object_repr=str(user_id))


def nobody(user_id: int) -> set[int]:
    """Whom a report brings to know the person."""
    return set()
