"""Drivers: what they are given, and that their failures are nobody else's."""

from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings
from time_machine import TimeMachineFixture

from accounts.delivery import console, deliver, driver_of
from accounts.delivery.message import Message
from accounts.tests.acts import Caller, outbox

pytestmark = pytest.mark.django_db

MESSAGE = Message(channel="email", to="a@example.com", text="123456 is your code", code="123456")

given: list[Message] = []


def keep(message: Message) -> None:
    """A driver of one's own."""
    given.append(message)


def fail(message: Message) -> None:
    """A driver whose server is away."""
    raise OSError("no route")


@pytest.fixture(autouse=True)
def nothing_given() -> None:
    given.clear()


def ask(caller: Caller, identifier: str = "new@example.com") -> Any:
    return caller.post("auth/otp/request/", {"identifier": identifier})


def run_jobs() -> None:
    """Does what the worker would."""
    for job in ProcrastinateJob.objects.filter(task_name="accounts.deliver"):
        deliver(**job.args)


def test_mail_goes_by_a_job_with_sealed_arguments(caller: Caller, settings: Settings) -> None:
    settings.OTP_EMAIL_DRIVER = "mail"
    answer = ask(caller)
    assert (answer.status_code, answer.json()["channel"]) == (202, "email")
    assert outbox() == []
    job = ProcrastinateJob.objects.get(task_name="accounts.deliver")
    run_jobs()
    (sent,) = mail.outbox
    assert sent.to == ["new@example.com"]
    code = sent.body.split()[0]
    assert code.isdecimal() and len(code) == 6
    assert code not in str(job.args)
    assert "new@example.com" not in str(job.args)
    body = {"identifier": "new@example.com", "code": code}
    assert caller.post("auth/otp/verify/", body).status_code == 200


def test_sms_by_a_driver_of_ones_own(caller: Caller, settings: Settings) -> None:
    settings.OTP_SMS_DRIVER = f"{__name__}.keep"
    answer = ask(caller, "+49 151 12345678")
    assert answer.json()["channel"] == "sms"
    run_jobs()
    assert [(one.channel, one.to) for one in given] == [("sms", "+4915112345678")]


def test_refused_requests_send_nothing(caller: Caller, settings: Settings) -> None:
    settings.OTP_EMAIL_DRIVER = f"{__name__}.keep"
    ask(caller)
    assert ask(caller).status_code == 429
    assert ProcrastinateJob.objects.count() == 1


def test_failing_driver_does_not_show(caller: Caller, settings: Settings) -> None:
    settings.OTP_EMAIL_DRIVER = f"{__name__}.fail"
    assert ask(caller).status_code == 202
    with pytest.raises(OSError, match="no route"):
        run_jobs()


def test_message_older_than_the_code_is_dropped(
    caller: Caller, settings: Settings, clock: TimeMachineFixture
) -> None:
    settings.OTP_EMAIL_DRIVER = f"{__name__}.keep"
    ask(caller)
    clock.shift(301)
    run_jobs()
    assert given == []


def test_twilio_is_built_from_settings(settings: Settings) -> None:
    settings.OTP_SMS_DRIVER = "twilio"
    assert driver_of("sms").__module__ == "accounts.delivery.twilio"


def test_console_is_refused_in_production(settings: Settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(ImproperlyConfigured):
        console.send(MESSAGE)
    assert outbox() == []


def test_console_prints(capsys: pytest.CaptureFixture[str]) -> None:
    console.send(MESSAGE)
    assert capsys.readouterr().out == "[email to a@example.com] 123456 is your code\n"
