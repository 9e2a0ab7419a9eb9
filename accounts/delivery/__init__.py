"""How codes reach people: drivers chosen by OTP_EMAIL_DRIVER and OTP_SMS_DRIVER.

A driver is a function ``send(message)`` that returns when the message is handed over, and raises
when it should be tried again.
"""

import base64
from collections.abc import Callable
from typing import Literal

import msgspec
import procrastinate
import structlog
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from accounts.delivery import console
from accounts.delivery.message import Channel, Message
from core.keys import derived_key

log = structlog.get_logger(__name__)

_SHORT_NAMES = {
    "console": "accounts.delivery.console.send",
    "mail": "accounts.delivery.mail.send",
    "twilio": "accounts.delivery.twilio.send",
}


def driver_of(channel: Channel) -> Callable[[Message], None]:
    """The function that sends on this channel; raises ImportError for a name of nothing."""
    name = settings.OTP_EMAIL_DRIVER if channel == "email" else settings.OTP_SMS_DRIVER
    driver: Callable[[Message], None] = import_string(_SHORT_NAMES.get(name, name))
    return driver


def channel_of(kind: Literal["email", "phone"]) -> Literal["email", "sms", "console"]:
    """Where a code for this kind of identifier will appear, as people are told."""
    channel: Channel = "email" if kind == "email" else "sms"
    return "console" if driver_of(channel) is console.send else channel


def send(message: Message) -> None:
    """Sends when the caller's transaction commits: to the console at once, else by a job of its.

    The job's arguments are sealed, for they stand in the database; whatever a driver does, the
    caller does not notice.
    """
    if driver_of(message.channel) is console.send:
        transaction.on_commit(lambda: console.send(message), robust=True)
    else:
        deliver.defer(sealed=_seal().encrypt(msgspec.json.encode(message)).decode())


@app.task(
    name="accounts.deliver",
    queue="notify",
    retry=procrastinate.RetryStrategy(max_attempts=6, exponential_wait=2),
)
def deliver(sealed: str) -> None:
    """Hands a message to its driver; one that is older than a code's life is dropped."""
    try:
        raw = _seal().decrypt(sealed.encode(), ttl=settings.OTP_LIFETIME)
    except InvalidToken:
        log.warning("delivery_too_late")
        return
    message = msgspec.json.decode(raw, type=Message)
    try:
        driver_of(message.channel)(message)
    except Exception as error:  # each driver has its own; the job is tried again
        log.warning("delivery_failed", channel=message.channel, error=str(error))
        raise


def _seal() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived_key("delivery")))
