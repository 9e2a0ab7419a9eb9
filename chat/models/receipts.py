"""When marks rose."""

from typing import ClassVar

from django.db import models

from chat.models.chats import Membership


class Receipt(models.Model):
    """When a mark reached ``upto``: at most one row a member, kind and second, for message info."""

    class Kind(models.TextChoices):
        """Which of the two marks rose."""

        DELIVERED = "delivered"
        SEEN = "seen"

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=9, choices=Kind)
    #: Unix time of ``at`` in whole seconds.
    second = models.BigIntegerField()
    upto = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["membership", "kind", "second"], name="chat_receipt_a_second"
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.kind} {self.upto}"
