"""The search index: made from messages by the worker, and to be thrown away at any time."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from chat.models.messages import Message


class SearchEntry(models.Model):
    """What a message can be found by. It says nothing about who may see the message.

    A message that holds nothing any more keeps an empty one, so that an indexer that has read it
    before cannot put it back.
    """

    # No constraint: it would lock rows of messages, which are never deleted.
    message = models.OneToOneField(
        Message, models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    #: By what candidates are found; see ``chat.search.documents``.
    keys = ArrayField(models.IntegerField())
    #: Its words in order, by which they are checked.
    words = SearchVectorField()

    class Meta:
        verbose_name_plural = "search entries"
        indexes: ClassVar = [
            # New entries wait in a list that every search reads through, and are merged into the
            # index when it is full: in kB.
            GinIndex(fields=["keys"], gin_pending_list_limit=1024, name="chat_search_keys"),
        ]

    def __str__(self) -> str:
        return f"entry of {self.message_id}"


class SearchBlock(models.Model):
    """When the messages of a block of ids were sent: where to look for a date."""

    id = models.BigIntegerField(primary_key=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"block {self.pk}"


class SearchProgress(models.Model):
    """One row: how far the index is complete; see ``chat.search.indexer``."""

    #: All messages up to this id have an entry, and no transaction can bring another one.
    upto = models.BigIntegerField(default=0)
    #: To where that will hold once all transactions below ``next_xid`` have ended.
    next_upto = models.BigIntegerField(null=True)
    next_xid = models.BigIntegerField(null=True)

    class Meta:
        verbose_name_plural = "search progress"

    def __str__(self) -> str:
        return f"complete up to {self.upto}"
