"""Text messages through Twilio (TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_FROM)."""

from django.conf import settings
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from accounts.delivery.message import Message

_TIMEOUT_SECONDS = 10


def send(message: Message) -> None:
    """Sends one text message; raises TwilioException."""
    client = Client(
        settings.TWILIO_ACCOUNT_SID,
        settings.TWILIO_AUTH_TOKEN,
        http_client=TwilioHttpClient(timeout=_TIMEOUT_SECONDS),
    )
    sender = settings.TWILIO_FROM
    # A messaging service chooses the number itself.
    origin = {"messaging_service_sid" if sender.startswith("MG") else "from_": sender}
    client.messages.create(to=message.to, body=message.text, **origin)
