"""Production does not start on unsafe settings."""

import pytest
from pytest_django import Settings

from accounts.checks import production_is_safe


def test_development_may() -> None:
    assert production_is_safe() == []


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("OTP_EMAIL_DRIVER", "console", "accounts.E001"),
        ("OTP_SMS_DRIVER", "accounts.delivery.console.send", "accounts.E001"),
        ("SECRET_KEY", "short", "accounts.E002"),
        ("SECRET_KEY", "x" * 60, "accounts.E002"),
        ("RATE_LIMITS", False, "accounts.E003"),
    ],
)
def test_production_may_not(settings: Settings, name: str, value: object, error: str) -> None:
    settings.PRODUCTION = True
    settings.OTP_EMAIL_DRIVER = "mail"
    settings.OTP_SMS_DRIVER = "twilio"
    assert production_is_safe() == []
    setattr(settings, name, value)
    assert [one.id for one in production_is_safe()] == [error]
