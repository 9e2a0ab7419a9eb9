"""Reports with their evidence, and the log of everything that staff read and did."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core.clock import now
from core.ids import new_id


class Report(models.Model):
    """Somebody asks staff to look at a person, a message, a group or a status.

    ``evidence`` is what the reporter saw when they reported; it outlives a deletion of the message,
    but no erasure of who wrote it.
    """

    class Kind(models.TextChoices):
        """What is reported."""

        USER = "user"
        MESSAGE = "message"
        GROUP = "group"
        STATUS = "status"

    class Reason(models.TextChoices):
        """Why, in the reporter's eyes."""

        SPAM = "spam"
        ABUSE = "abuse"
        VIOLENCE = "violence"
        SEXUAL = "sexual"
        ILLEGAL = "illegal"
        OTHER = "other"

    class State(models.TextChoices):
        """``open``, perhaps ``assigned``, then decided: ``dismissed`` or ``resolved``."""

        OPEN = "open"
        ASSIGNED = "assigned"
        DISMISSED = "dismissed"
        RESOLVED = "resolved"

    class Resolution(models.TextChoices):
        """What was done; staff know it, the reporter gets an answer in words."""

        NOTHING = "nothing"
        WARNED = "warned"
        DELETED = "deleted"
        SUSPENDED = "suspended"
        BANNED = "banned"
        OTHERWISE = "otherwise"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=7, choices=Kind)
    #: As clients name it: an id of its kind; of a message ``<chat>-<seq>``.
    target = models.CharField(max_length=40)
    #: The person it is about: who wrote the message or status. Null for groups.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    chat_id = models.BigIntegerField(null=True)
    seq = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=8, choices=Reason)
    comment = models.CharField(max_length=1000, blank=True)
    evidence = models.JSONField(default=dict)
    #: Whose names and words stand in the evidence.
    people = ArrayField(models.BigIntegerField(), default=list)
    created_at = models.DateTimeField(default=now)

    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=9, choices=Resolution, blank=True, default="")
    #: What the reporter is told.
    answer = models.CharField(max_length=1000, blank=True, default="")

    class Meta:
        default_permissions = ("view",)
        permissions: ClassVar = [
            ("handle_reports", "Can assign, dismiss and resolve reports"),
            ("delete_content", "Can delete what people sent"),
            ("warn_people", "Can warn people"),
            ("suspend_people", "Can suspend people, ban them and lift it"),
            ("sanction_staff", "Can warn, suspend and ban staff who are no superusers"),
            ("read_messages", "Can read messages of any chat, with a reason given"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["reporter", "kind", "target"],
                condition=Q(state__in=["open", "assigned"]),
                name="moderation_report_open_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["reporter", "-id"], name="moderation_report_own"),
            models.Index(
                fields=["decided_at"],
                condition=Q(decided_at__isnull=False),
                name="moderation_report_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target}: {self.reason}"

    @property
    def is_decided(self) -> bool:
        """Whether nothing more can be done about it."""
        return self.state in {self.State.DISMISSED, self.State.RESOLVED}


class AuditEntry(models.Model):
    """Something that a member of staff read or did. The database refuses changes and deletions.

    It names people by id only, and outlives their erasure.
    """

    class Act(models.TextChoices):
        """What."""

        EVIDENCE = "evidence", "read the evidence"
        MESSAGES = "messages", "read messages"
        ASSIGN = "assign", "took a report"
        DISMISS = "dismiss", "dismissed a report"
        RESOLVE = "resolve", "resolved a report"
        DELETE = "delete", "deleted content"
        WARN = "warn", "warned"
        SUSPEND = "suspend", "suspended"
        BAN = "ban", "banned"
        LIFT = "lift", "lifted a suspension"
        ADMIN = "admin", "changed something in the admin"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    # No constraint: the row stays as it is, whatever becomes of the account's.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, related_name="+", db_constraint=False
    )
    act = models.CharField(max_length=8, choices=Act)
    #: ``user:<id>``, ``report:<id>``, ``message:<chat>-<seq>`` …
    target = models.CharField(max_length=80, db_index=True)
    #: The report that it was done about.
    report_id = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        default_permissions = ("view",)
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.actor_id} {self.act} {self.target}"
