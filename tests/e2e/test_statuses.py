"""What alice shows for a day, and bob, who looks at it and answers."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from tests.e2e.person import Person

pytestmark = pytest.mark.e2e


def stage(person: Person, name: str) -> Locator:
    """A status on the whole window."""
    return person.page.get_by_role("dialog", name=name)


def write(person: Person, text: str) -> None:
    """Shows a text to all contacts."""
    person.page.get_by_role("button", name="Write a status").click()
    person.page.get_by_role("textbox", name="Your status").fill(text)
    person.page.get_by_role("button", name="Share", exact=True).click()
    expect(stage(person, "New status")).to_have_count(0)


def test_a_day_of_statuses(pair: tuple[Person, Person], tmp_path: Path) -> None:
    alice, bob = pair
    alice.section("Status").click()
    write(alice, "Off to the lake")
    bob.section("Status").click()
    rows = bob.page.get_by_role("list", name="Recent updates").get_by_role("link")
    expect(rows).to_have_text(re.compile("Alice.*1 new"))

    picture = tmp_path / "lake.png"
    Image.new("RGB", (640, 480), "teal").save(picture)
    with alice.page.expect_file_chooser() as chooser:
        alice.page.get_by_role("button", name="Share a photo or video").click()
    chooser.value.set_files(picture)
    alice.page.get_by_role("textbox", name="Add a caption").fill("Look!")
    alice.page.get_by_role("button", name="Share", exact=True).click()
    expect(stage(alice, "New status")).to_have_count(0, timeout=20_000)
    expect(rows).to_have_text(re.compile("Alice.*2 new"))

    rows.click()
    shown = stage(bob, "Status of Alice")
    expect(shown.get_by_text("Off to the lake")).to_be_visible()
    bob.page.keyboard.press("ArrowRight")
    expect(shown.get_by_text("Look!")).to_be_visible()
    photo = shown.get_by_role("img", name="Photo of Alice")
    # It is pushed again once it is decoded.
    expect(photo).to_be_visible(timeout=20_000)
    loaded = "img => img.complete && img.naturalWidth"
    bob.page.wait_for_function(loaded, arg=photo.element_handle())
    bob.page.get_by_role("textbox", name="Reply to Alice").fill("Lovely, all of it")
    bob.page.keyboard.press("Enter")
    expect(shown.get_by_text("Sent to your chat with Alice")).to_be_visible()
    bob.page.keyboard.press("Escape")
    expect(shown).to_have_count(0)
    viewed = bob.page.get_by_role("list", name="Viewed updates").get_by_role("link")
    expect(viewed).to_have_text(re.compile("Alice"))

    alice.page.get_by_role("link", name=re.compile("My status")).click()
    mine = stage(alice, "My status")
    mine.get_by_role("button", name="1 view").click()
    viewers = alice.page.get_by_role("list", name="Viewed by")
    expect(viewers.get_by_role("listitem")).to_have_text(re.compile("Bob"))
    alice.page.keyboard.press("Escape")
    mine.get_by_role("button", name="Delete").click()
    alice.page.get_by_role("dialog", name="Delete this").get_by_role(
        "button", name="Delete"
    ).click()
    alice.page.get_by_role("button", name="Close").first.click()
    alice.open_chat("Bob")
    expect(alice.log).to_contain_text("Lovely, all of it")

    # What is left goes with alice's wish to have none.
    alice.page.goto(alice.server.url + "/#/settings/privacy")
    alice.page.get_by_role("switch", name="Statuses").click()
    expect(bob.page.get_by_text("Nothing new")).to_be_visible()
    expect(alice.section("Status")).to_have_count(0)
