"""Email through Django's mail settings (EMAIL_HOST …)."""

from django.conf import settings
from django.core.mail import send_mail

from accounts.delivery.message import Message


def send(message: Message) -> None:
    """Sends a plain text mail; raises what the mail backend raises."""
    subject = message.subject or f"Your {settings.SERVER_NAME} code"
    send_mail(subject, message.text, settings.DEFAULT_FROM_EMAIL, [message.to])
