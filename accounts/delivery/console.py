"""For development: prints what would be sent and appends it to DATA_DIR/outbox.jsonl."""

import os

import msgspec
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from accounts.delivery.message import Message
from core.clock import now, rfc3339


def send(message: Message) -> None:
    """Prints and appends one JSON line ``{at, channel, to, code?, text}``; not in production."""
    if settings.PRODUCTION:
        raise ImproperlyConfigured("The console driver shows codes; it is for development only.")
    line = {"at": rfc3339(now()), "channel": message.channel, "to": message.to}
    if message.code is not None:
        line["code"] = message.code
    line["text"] = message.text
    print(f"[{message.channel} to {message.to}] {message.text}", flush=True)
    # One write to a file opened for appending: lines of several processes never mix.
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    outbox = os.open(settings.DATA_DIR / "outbox.jsonl", flags, 0o600)
    try:
        os.write(outbox, msgspec.json.encode(line) + b"\n")
    finally:
        os.close(outbox)
