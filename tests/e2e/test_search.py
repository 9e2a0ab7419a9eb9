"""What was said is found from the list of chats, and shown in its place."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.person import Person

pytestmark = pytest.mark.e2e

#: Messages are found within 5 s of sending: so often it is asked again.
TRIES = 10


def test_what_was_said_is_found(meet: Callable[[str], Person]) -> None:
    alice, bob = meet("Alice"), meet("Bob")
    alice.log_in()
    bob.log_in()
    alice.make_group("Hikers")
    bob.paste(alice.link_into_group())
    bob.page.get_by_role("button", name="Join group").click()
    bob.say("The hut by the waterfall")
    for number in range(30):
        bob.say(f"Line {number}")
    expect(alice.bubble("Line 29")).to_be_visible()
    search = alice.page.get_by_role("searchbox", name="Search chats and messages")
    found = alice.page.get_by_role("region", name="Messages found")
    for _ in range(TRIES):
        search.fill("")
        search.fill("WÁTERF")
        expect(found).to_have_attribute("aria-busy", "false")
        if found.get_by_role("listitem").count():
            break
        alice.page.wait_for_timeout(500)
    found.get_by_role("button", name="waterfall").click()
    expect(alice.bubble("The hut by the waterfall")).to_be_in_viewport()
