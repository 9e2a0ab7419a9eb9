"""Previews of links: asked for when a text is sent or edited, added by the worker."""

import asyncio
import hashlib
from functools import partial

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from chat.attachments import present
from chat.log import append_event
from chat.models import Chat, ChatEvent, Message
from chat.payloads import Preview
from chat.previews import TYPES, first_link, preview_of
from chat.writer import Written
from core.errors import RateLimited
from core.fetch import FetchError, fetch
from core.limits import Buckets
from realtime.bridge import run_in_thread

log = structlog.get_logger(__name__)

_asks = Buckets(settings.PREVIEWS_BURST, settings.PREVIEWS_PER_SECOND)
_asking: set["asyncio.Task[None]"] = set()


def link_to_preview(sender_id: int, text: str) -> str | None:
    """The link of a text that gets a preview, if any; who sends very many gets fewer previews."""
    link = first_link(text)
    if link is None or len(link) > settings.PREVIEW_LINK_CHARS or not settings.LINK_PREVIEWS:
        return None
    try:
        _asks.take(sender_id)
    except RateLimited:
        return None
    return link


def ask_for_preview(chat_id: int, seq: int, link: str) -> None:
    """From a thread: has the worker fetch a preview, when the caller's transaction has committed.

    It is a hint: that it may be lost does no harm.
    """
    # Of one link at a time, so that the second job finds what the first has kept.
    key = key_of(link)
    job = make_preview.configure(lock=key)
    transaction.on_commit(partial(job.defer, chat_id=chat_id, seq=seq, key=key), robust=True)


def ask_when_sent(link: str, sent: "asyncio.Future[Written]") -> None:
    """On the loop: asks for the preview of a message once it is written, without waiting."""
    if sent.cancelled() or sent.exception() is not None or sent.result().is_repeat:
        return
    written = sent.result()
    task = asyncio.create_task(run_in_thread(ask_for_preview, written.chat_id, written.seq, link))
    _asking.add(task)
    task.add_done_callback(_asking.discard)


@app.task(
    name="chat.preview",
    queue="default",
    priority=-1,
    retry=RetryStrategy(max_attempts=2, exponential_wait=5),
)
def make_preview(chat_id: int, seq: int, key: str) -> None:
    """Fetches the page behind a message's link, and completes the message on all devices.

    Not if the message has gone or has another link by then. The page is fetched outside of any
    transaction. The job has only the ``key_of`` the link: what stands in messages stands in no job.
    """
    if not settings.LINK_PREVIEWS:
        return
    message = _with_link(chat_id, seq, key)
    link = first_link(message.text) if message is not None else None
    if link is None:
        return
    preview = _kept_or_fetched(link)
    if preview is None:
        return
    with transaction.atomic():
        Chat.objects.select_for_update(no_key=True).get(pk=chat_id)
        message = _with_link(chat_id, seq, key)
        if message is None or message.preview == preview:  # jobs may run twice
            return
        # Not saved by its key alone: an erasure takes no lock of the chat.
        if Message.objects.filter(pk=message.pk, deleted_at=None).update(preview=preview):
            append_event(chat_id, seq, ChatEvent.Change.MEDIA, by=None)


def _with_link(chat_id: int, seq: int, key: str) -> Message | None:
    message = present(Message.objects.filter(chat_id=chat_id, seq=seq)).first()
    link = first_link(message.text) if message is not None else None
    return message if link is not None and key_of(link) == key else None


def _kept_or_fetched(link: str) -> Preview | None:
    key = key_of(link)
    if key in cache:  # of this process; that there is none is kept too
        kept: Preview | None = cache.get(key)
        return kept
    preview = None
    try:
        preview = preview_of(link, fetch(link, TYPES))
    except FetchError as error:
        log.debug("preview_failed", error=str(error))
    cache.set(key, preview, settings.PREVIEW_CACHE_SECONDS)
    return preview


def key_of(link: str) -> str:
    """A hash of a link: what its preview is kept under, and what jobs know it by."""
    return f"preview:{hashlib.blake2b(link.encode(), digest_size=16).hexdigest()}"
