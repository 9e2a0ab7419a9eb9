"""The client without a network, as an app that is told of things while no page of it is open."""

import json
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, Worker, expect

from tests.e2e.person import Person

pytestmark = pytest.mark.e2e

Meet = Callable[[str], Person]

KEPT = """async () => {
    await navigator.serviceWorker.ready;
    const names = (await caches.keys()).filter(name => name.startsWith("build-"));
    const kept = await Promise.all(names.map(async name => (await caches.open(name)).keys()));
    return kept.flat().map(request => new URL(request.url).pathname);
}"""
STORED = """async () => ({
    caches: await caches.keys(),
    local: Object.keys(localStorage),
    chats: await new Promise(resolve => {
        const request = indexedDB.open("chatproject");
        request.onsuccess = () => {
            const names = [...request.result.objectStoreNames];
            if (!names.includes("chats")) return resolve([]);
            const rows = request.result.transaction("chats").objectStore("chats").getAll();
            rows.onsuccess = () => { request.result.close(); resolve(rows.result); };
        };
    }),
    subscription: await navigator.serviceWorker.ready
        .then(registration => registration.pushManager.getSubscription()),
    shown: await navigator.serviceWorker.ready
        .then(registration => registration.getNotifications()).then(all => all.length),
})"""
SHOWN = """async () => {
    const registration = await navigator.serviceWorker.ready;
    const shown = await registration.getNotifications();
    return shown.map(({ title, body, tag }) => ({ title, body, tag }));
}"""


@pytest.fixture
def worker() -> bool:
    """Here pages have one."""
    return True


def test_the_app_opens_and_takes_messages_without_a_network(pair: tuple[Person, Person]) -> None:
    alice, bob = pair
    bob.say("Read me in the mountains")
    expect(alice.bubble("Read me in the mountains")).to_be_visible()
    deadline = time.monotonic() + 30
    while "/" not in (kept := alice.page.evaluate(KEPT)):
        assert time.monotonic() < deadline, kept
        alice.page.wait_for_timeout(50)
    assert not [path for path in kept if path.startswith(("/api", "/media", "/ws"))]
    for path in ("/sw.js", "/manifest.webmanifest"):
        headers = alice.page.request.get(alice.server.url + path).headers
        assert headers["cache-control"] == "no-cache"
        assert "default-src 'self'" in headers["content-security-policy"]
    _written(alice, "Read me in the mountains")

    alice.context.set_offline(True)
    began = time.monotonic()
    alice.page.reload()
    expect(alice.bubble("Read me in the mountains")).to_be_visible()
    assert time.monotonic() - began < 5
    expect(alice.page.get_by_role("status").filter(has_text="You’re offline")).to_be_visible()
    alice.say("Written on the summit")
    expect(alice.ticks("Written on the summit")).to_have_attribute("aria-label", "Sending")
    # The page goes, the message stays.
    alice.page.reload()
    expect(alice.ticks("Written on the summit")).to_have_attribute("aria-label", "Sending")

    alice.context.set_offline(False)
    expect(bob.bubble("Written on the summit")).to_have_count(1)
    expect(alice.ticks("Written on the summit")).to_have_attribute("aria-label", "Seen")
    expect(alice.bubble("Written on the summit")).to_have_count(1)


def test_a_log_out_leaves_nothing(pair: tuple[Person, Person]) -> None:
    alice, bob = pair
    bob.say("A secret")
    expect(alice.bubble("A secret")).to_be_visible()
    _written(alice, "A secret")
    other = alice.context.new_page()
    other.goto(alice.server.url)
    expect(other.get_by_role("link", name=re.compile("Bob"))).to_be_visible()

    alice.section("Settings").click()
    alice.page.get_by_role("button", name="Log out").click()
    alice.page.get_by_role("dialog").get_by_role("button", name="Log out").click()
    expect(alice.page.get_by_role("button", name="Continue")).to_be_visible()
    # The other tab hears of it, and keeps nothing either.
    expect(other.get_by_role("button", name="Continue")).to_be_visible()
    nothing: dict[str, Any] = {"caches": [], "local": [], "chats": []}
    assert alice.page.evaluate(STORED) == nothing | {"subscription": None, "shown": 0}
    other.close()


def test_pushes_are_shown_while_nobody_looks(pair: tuple[Person, Person]) -> None:
    alice, bob = pair
    alice.context.grant_permissions(["notifications"], origin=alice.server.url)
    chat = alice.page.url.rsplit("/", 1)[1]
    bob.section("People").click()
    alice.section("Settings").click()
    page = alice.page
    page.evaluate("() => navigator.serviceWorker.ready")
    pushes = Pushes(page, alice.server.url)
    # Another page lies above the client.
    above = alice.context.new_page()
    above.bring_to_front()
    worker = alice.context.service_workers[0]
    worker.evaluate("() => { self.clients.matchAll = async () => []; }")

    pushes.send({"kind": "message", "unread": 2})
    _shows(page, [("chatproject", "You have new messages", "message")])
    preview = {"chat": chat, "seq": 1, "sender": "Bob", "group": None, "message_kind": "text"}
    pushes.send({"kind": "message", "unread": 3, **preview, "text": "Are you there?"})
    pushes.send({"kind": "message", "unread": 4, **preview, "text": "Hello?"})
    _shows(
        page,
        [
            ("Bob", "Hello?", f"chat:{chat}"),
            ("chatproject", "You have new messages", "message"),
        ],
    )
    # One thing is unread: what was shown of others was read somewhere.
    pushes.send({"kind": "message", "unread": 1, **preview, "text": "Never mind"})
    _shows(page, [("Bob", "Never mind", f"chat:{chat}")])
    above.close()
    _click(worker)
    expect(alice.message_box).to_be_visible()
    _shows(page, [])


def test_messages_of_other_chats_are_told_in_the_page(pair: tuple[Person, Person]) -> None:
    alice, bob = pair
    bob.section("Settings").click()
    alice.say("Can you see this?")
    banners = bob.page.get_by_role("list", name="New messages")
    expect(banners.get_by_role("link", name="Alice Can you see this?")).to_be_visible()
    expect(bob.page).to_have_title("(1) chatproject")
    icon = bob.page.locator("link[rel=icon]")
    expect(icon).to_have_attribute("href", "/icon-unread.svg")
    banners.get_by_role("link").click()
    expect(bob.bubble("Can you see this?")).to_be_visible()
    expect(banners.get_by_role("link")).to_have_count(0)
    expect(bob.page).to_have_title("chatproject")
    expect(icon).to_have_attribute("href", "/icon.svg")

    bob.say("Yes, I do")
    # In view the message itself shows it.
    bob.section("Settings").click()
    alice.react("Yes, I do", "❤️")
    expect(banners.get_by_role("link", name="Alice reacted to your message")).to_be_visible()
    bob.section("Chats").click()
    bob.page.get_by_role("link", name="Notifications, 1 unread notification").click()
    row = bob.page.get_by_role("list", name="What happened").get_by_role("link")
    expect(row).to_contain_text("Alice reacted to your message")
    expect(row.get_by_role("img", name="New")).to_be_visible()
    expect(bob.page).to_have_title("chatproject")
    row.click()
    expect(bob.bubble("Yes, I do")).to_be_visible()
    expect(bob.page.get_by_role("link", name="Notifications", exact=True)).to_be_visible()


def test_a_copy_of_everything_and_then_the_end(pair: tuple[Person, Person]) -> None:
    alice, bob = pair
    bob.say("Remember me")
    page = bob.page
    bob.section("Settings").click()
    page.get_by_role("link", name="Your account and data").click()
    page.get_by_role("button", name="Request a copy").click()
    # That there was none before is an answer, no fault; Chromium notes it all the same.
    bob.faults = [fault for fault in bob.faults if "404" not in fault]
    link = page.get_by_role("link", name=re.compile("Download"))
    expect(link).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename.endswith(".zip")

    page.get_by_role("button", name="Delete my account").click()
    page.get_by_role("button", name="Continue").click()
    final = page.get_by_role("button", name="Delete for good")
    expect(final).to_be_disabled()
    page.get_by_role("textbox", name="Your email").fill(bob.address)
    final.click()
    expect(page.get_by_role("textbox", name="Email or phone")).to_be_visible()
    expect(alice.page.get_by_text("Deleted account").first).to_be_visible()


class Pushes:
    """Hands pushes to a page's worker, as a push service would."""

    def __init__(self, page: Page, origin: str) -> None:
        self.origin = origin
        self.session: CDPSession = page.context.new_cdp_session(page)
        versions: list[dict[str, Any]] = []
        self.session.on(
            "ServiceWorker.workerVersionUpdated", lambda event: versions.extend(event["versions"])
        )
        self.session.send("ServiceWorker.enable")
        deadline = time.monotonic() + 30
        while not (live := [one for one in versions if one["status"] == "activated"]):
            assert time.monotonic() < deadline, "no worker"
            page.wait_for_timeout(20)
        self.registration = live[-1]["registrationId"]

    def send(self, payload: dict[str, Any]) -> None:
        """One push."""
        self.session.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": self.origin,
                "registrationId": self.registration,
                "data": json.dumps(payload),
            },
        )


def _shows(page: Page, expected: list[tuple[str, str, str]]) -> None:
    """The notifications that the system shows, by tag."""
    deadline = time.monotonic() + 30
    while True:
        shown = page.evaluate(SHOWN)
        found = sorted((one["title"], one["body"], one["tag"]) for one in shown)
        if found == sorted(expected):
            return
        assert time.monotonic() < deadline, found
        page.wait_for_timeout(30)


def _click(worker: Worker) -> None:
    """Clicks on the only notification; from a test it may not bring the page to the front."""
    worker.evaluate(
        """async () => {
            delete self.clients.matchAll;
            const [notification] = await self.registration.getNotifications();
            self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
        }"""
    )


def _written(person: Person, text: str) -> None:
    """Waits until the client has stored a message."""
    deadline = time.monotonic() + 30
    while text not in json.dumps(person.page.evaluate(STORED)["chats"], ensure_ascii=False):
        assert time.monotonic() < deadline, "not stored"
        person.page.wait_for_timeout(30)
