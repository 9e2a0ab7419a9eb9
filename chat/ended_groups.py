"""What becomes of a group that its last member has left: nobody can ever read it again."""

from django.conf import settings
from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from chat.attachments import GROUP
from chat.emptying import empty_messages
from chat.models import Chat, Message
from media.actions.media import release


@app.task(
    name="chat.clear_group",
    queue="default",
    retry=RetryStrategy(max_attempts=8, exponential_wait=3),
)
def clear_group(chat_id: int) -> None:
    """Empties its messages, and lets go of its files and of what it said of itself.

    In batches of EXPIRE_BATCH_ROWS along the log, each a transaction that holds the chat; it may
    run twice. The rows stay, so that reports, calls and repeats find their place.
    """
    live = Message.objects.filter(chat_id=chat_id, deleted_at=None).order_by("seq")
    after = 0
    while batch := list(
        live.filter(seq__gt=after).values_list("pk", "seq")[: settings.EXPIRE_BATCH_ROWS]
    ):
        with transaction.atomic():
            Chat.objects.select_for_update(no_key=True).get(pk=chat_id)
            empty_messages(Message.objects.filter(pk__in=[pk for pk, _ in batch], deleted_at=None))
        after = batch[-1][1]
    with transaction.atomic():
        Chat.objects.filter(pk=chat_id).update(name="", description="", avatar_id=None)
        release(GROUP, [chat_id])
