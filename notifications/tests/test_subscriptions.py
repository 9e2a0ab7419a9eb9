"""Where devices may be pushed to."""

from typing import Any

import pytest

from accounts.models import Device, User
from accounts.tests.acts import Caller, at_once, code_of, signed_in
from notifications.checks import pushes_can_be_signed
from notifications.models import PushSubscription
from notifications.tests.acts import get, send, subscribed
from notifications.tests.push_service import Browser, PushService, un64
from notifications.webpush import key_of_browser

PATH = "notifications/push/"


@pytest.fixture
def browser(service: PushService) -> Browser:
    """Bob's."""
    return Browser(service, "bob")


def test_a_browser_subscribes_a_device_and_leaves(bob: User, browser: Browser) -> None:
    caller = subscribed(bob, browser)
    again = caller.post(PATH, browser.subscription)
    assert again.status_code == 200
    assert again.json()["endpoint"] == browser.subscription["endpoint"]
    row = PushSubscription.objects.get()
    assert (row.user, row.device.user) == (bob, bob)
    assert caller.call("DELETE", PATH, {"endpoint": "https://other.example/"}).status_code == 404
    body = {"endpoint": browser.subscription["endpoint"]}
    assert caller.call("DELETE", PATH, body).status_code == 204
    assert caller.delete(PATH).status_code == 404
    assert not PushSubscription.objects.exists()


def test_a_device_has_one_subscription_and_a_browser_one_device(
    alice: User, bob: User, browser: Browser, service: PushService
) -> None:
    caller = subscribed(bob, browser)
    newer = Browser(service, "newer")
    assert caller.post(PATH, newer.subscription).status_code == 201
    assert PushSubscription.objects.get().endpoint == newer.subscription["endpoint"]
    # Who signs in at the browser next takes it over: nothing of bob's is shown there any more.
    subscribed(alice, newer)
    assert PushSubscription.objects.get().user == alice
    subscribed(alice, browser)
    assert PushSubscription.objects.count() == 2


def test_an_endpoint_alone_takes_nothing_over(
    alice: User, bob: User, browser: Browser, service: PushService
) -> None:
    subscribed(bob, browser)
    forged = Browser(service, "other").subscription | {"endpoint": browser.subscription["endpoint"]}
    answer = signed_in(alice).post(PATH, forged)
    assert (answer.status_code, code_of(answer)) == (409, "endpoint_taken")
    assert (
        signed_in(alice).call("DELETE", PATH, {"endpoint": forged["endpoint"]}).status_code == 404
    )
    assert PushSubscription.objects.get().user == bob


@pytest.mark.parametrize(
    "endpoint",
    """
    http://127.0.0.1/x https://localhost/x https://127.0.0.1/x https://[::1]/x https://0x7f.1/x
    https://2130706433/x https://169.254.169.254/latest https://10.0.0.8/ https://192.168.1.1/
    https://[::ffff:127.0.0.1]/ https://[64:ff9b::a00:1]/ https://100.64.0.1/ https://0/
    https://user:pw@93.184.216.34/ https://93.184.216.34:8443/ ftp://93.184.216.34/ //x x
    https:///x https://nobody.invalid/ javascript:alert(1) https://[::1 https://a..b/
    """.split(),
)
def test_only_https_to_the_public_internet(bob: User, endpoint: str) -> None:
    keys = {"p256dh": get(bob, "vapid-key/")["key"], "auth": "A" * 22}
    answer = signed_in(bob).post(PATH, {"endpoint": endpoint, "keys": keys})
    assert (answer.status_code, code_of(answer)) == (400, "endpoint_refused")
    assert not PushSubscription.objects.exists()


def test_a_public_address_is_taken(bob: User) -> None:
    keys = {"p256dh": get(bob, "vapid-key/")["key"], "auth": "A" * 22}
    body = {"endpoint": "https://93.184.216.34/push/1", "keys": keys}
    assert signed_in(bob).post(PATH, body).status_code == 201


@pytest.mark.parametrize(
    "keys",
    [
        {},
        None,
        {"p256dh": "", "auth": "A" * 22},
        {"p256dh": "A" * 87, "auth": "A" * 22},
        {"p256dh": "ü" * 87, "auth": "A" * 22},
        {"p256dh": None, "auth": "A" * 22},
        {"p256dh": "KEY", "auth": "A" * 21},
        {"p256dh": "KEY", "auth": "A" * 24},
        {"p256dh": "KEY", "auth": "!" * 22},
    ],
)
def test_keys_that_are_none_are_refused(bob: User, keys: Any) -> None:
    if keys and keys["p256dh"] == "KEY":
        keys = keys | {"p256dh": get(bob, "vapid-key/")["key"]}
    body = {"endpoint": "https://93.184.216.34/push/1", "keys": keys}
    answer = signed_in(bob).post(PATH, body)
    assert (answer.status_code, code_of(answer)) == (400, "invalid")


def test_the_browsable_api_has_no_device(bob: User, browser: Browser) -> None:
    answer = send(bob, "post", "push/", browser.subscription)
    assert (answer.status_code, code_of(answer)) == (403, "device_required")
    assert code_of(send(bob, "delete", "push/")) == "device_required"


def test_a_device_that_is_signed_out_subscribes_no_more(bob: User, browser: Browser) -> None:
    caller = subscribed(bob, browser)
    assert caller.post("auth/logout/").status_code == 200
    assert not PushSubscription.objects.exists()
    assert caller.post(PATH, browser.subscription).status_code == 401


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_one(alice: User, bob: User, browser: Browser) -> None:
    callers = [signed_in(user) for user in (alice, bob) * 3] + [signed_in(bob)] * 2

    def subscribe(number: int) -> int:
        answer = callers[number].post(PATH, browser.subscription)
        return int(answer.status_code)

    assert {201, 200} >= set(at_once(len(callers), subscribe)) - {409}
    assert PushSubscription.objects.count() == 1
    assert Device.objects.count() == 7


def test_the_public_key_is_a_point_and_stays(bob: User) -> None:
    key = get(bob, "vapid-key/")["key"]
    assert len(un64(key)) == 65
    key_of_browser(key)
    assert get(bob, "vapid-key/")["key"] == key
    assert Caller().get("notifications/vapid-key/").status_code == 401


def test_the_key_of_the_settings_is_taken_or_refused(bob: User, settings: Any) -> None:
    own = get(bob, "vapid-key/")["key"]
    # The example of RFC 8291, section 5: the sender's key pair.
    settings.VAPID_PRIVATE_KEY = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
    assert get(bob, "vapid-key/")["key"] != own
    assert get(bob, "vapid-key/")["key"] == (
        "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
    )
    assert pushes_can_be_signed() == []
    for text in ("short", "!" * 43, "_" * 43, "ü" * 43):
        settings.VAPID_PRIVATE_KEY = text
        assert [one.id for one in pushes_can_be_signed()] == ["notifications.E001"], text
