"""Pictures, albums, files and voices between two people in real browsers."""

import base64
import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, expect

from tests.e2e.person import DECODED_MS, Person

pytestmark = pytest.mark.e2e

Pair = tuple[Person, Person]


def photo(width: int = 800, height: int = 600, colour: str = "teal") -> bytes:
    """A picture as a camera makes it."""
    picture = Image.linear_gradient("L").resize((width, height))
    tinted = Image.composite(
        Image.new("RGB", (width, height), colour),
        Image.new("RGB", (width, height), "white"),
        picture,
    )
    to = BytesIO()
    tinted.save(to, "JPEG")
    return to.getvalue()


def named(name: str, **how: int | str) -> FilePayload:
    """A picture in a file."""
    return {"name": name, "mimeType": "image/jpeg", "buffer": photo(**how)}  # type: ignore[arg-type]  # as given


def paste_picture(person: Person, data: bytes) -> None:
    """What the keyboard does with a picture in the clipboard."""
    person.message_box.focus()
    person.message_box.evaluate(
        """(box, data) => {
            const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
            const carried = new DataTransfer();
            carried.items.add(new File([bytes], "lake.jpg", { type: "image/jpeg" }));
            const how = { clipboardData: carried, bubbles: true, cancelable: true };
            box.dispatchEvent(new ClipboardEvent("paste", how));
        }""",
        base64.b64encode(data).decode(),
    )


def choose(person: Person, item: str, *files: FilePayload) -> Locator:
    """Chooses files by the menu; the sheet that shows them."""
    person.page.get_by_role("button", name="Attach").click()
    with person.page.expect_file_chooser() as chooser:
        person.page.get_by_role("menuitem", name=item).click()
    chooser.value.set_files(list(files))
    sheet = person.page.get_by_role("dialog", name="Send files")
    expect(sheet.get_by_role("button", name="Send", exact=True)).to_be_enabled()
    return sheet


def test_a_pasted_picture_is_seen_in_full(pair: Pair) -> None:
    alice, bob = pair
    paste_picture(alice, photo())
    sheet = alice.page.get_by_role("dialog", name="Send files")
    expect(sheet.get_by_role("img", name="lake.jpg").first).to_be_visible()
    sheet.get_by_role("textbox", name="Add a caption").fill("The lake this morning")
    sheet.get_by_role("button", name="Send", exact=True).click()

    for person in pair:
        bubble = person.bubble("The lake this morning")
        picture = bubble.get_by_role("img", name="Photo")
        expect(bubble.get_by_role("button", name="Open photo")).to_be_visible()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("image => image.naturalWidth") > 0
    expect(bob.chat_row("Alice")).to_contain_text("The lake this morning")

    bob.bubble("The lake this morning").get_by_role("button", name="Open photo").click()
    viewer = bob.page.get_by_role("dialog", name="Photos and videos of Alice")
    expect(viewer).to_contain_text("The lake this morning")
    shown = viewer.get_by_role("img", name="Photo")
    expect(shown).to_have_js_property("naturalWidth", 800)
    with bob.page.expect_download() as download:
        viewer.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "lake.jpg"
    bob.page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)


def test_an_album_goes_as_one_message(pair: Pair) -> None:
    alice, bob = pair
    names = [f"{number}.jpg" for number in range(5)]
    sheet = choose(
        alice,
        "Photos and videos",
        *[named(name, width=400 + 40 * n, height=400) for n, name in enumerate(names)],
    )
    sheet.get_by_role("button", name="Remove 0.jpg").click()
    more = sheet.get_by_role("textbox", name="Add a caption")
    more.fill("Four of them")
    sheet.get_by_role("button", name="Send", exact=True).click()

    bubble = bob.bubble("Four of them")
    expect(bubble.get_by_role("button", name="Open photo")).to_have_count(4, timeout=DECODED_MS)
    expect(alice.bubble("Four of them").get_by_role("button", name="Open photo")).to_have_count(4)
    bubble.get_by_role("button", name="Open photo").nth(1).click()
    viewer = bob.page.get_by_role("dialog", name="Photos and videos of Alice")
    picture = viewer.get_by_role("img", name="Photo")
    expect(picture).to_have_js_property("naturalWidth", 480)
    bob.page.keyboard.press("ArrowRight")
    expect(picture).to_have_js_property("naturalWidth", 520)
    bob.page.keyboard.press("ArrowLeft")
    bob.page.keyboard.press("ArrowLeft")
    expect(picture).to_have_js_property("naturalWidth", 440)
    expect(viewer.get_by_role("button", name="Previous")).to_have_count(0)
    bob.page.keyboard.press("Escape")

    too_many = [named(f"{number}.jpg", width=40, height=40) for number in range(12)]
    sheet = choose(alice, "Photos and videos", *too_many)
    expect(sheet.get_by_role("alert")).to_contain_text("Only 10 files fit")
    expect(sheet.get_by_role("button", name=re.compile("^Remove"))).to_have_count(10)


def test_a_file_is_saved_under_its_name(pair: Pair) -> None:
    alice, bob = pair
    file: FilePayload = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"Bring bread"}
    choose(alice, "File", file).get_by_role("button", name="Send", exact=True).click()
    link = bob.log.get_by_role("link", name="Download notes.txt")
    expect(link).to_contain_text("TXT, 11 byte")
    expect(alice.log.get_by_role("link", name="Download notes.txt")).to_be_visible()
    with bob.page.expect_download() as download:
        link.click()
    assert Path(download.value.path()).read_bytes() == b"Bring bread"


def test_a_photo_sent_as_a_file_is_untouched(pair: Pair) -> None:
    alice, bob = pair
    original = named("sea.jpg")
    sheet = choose(alice, "File", original)
    expect(sheet.get_by_role("switch", name="Send as a file")).to_be_checked()
    expect(sheet.get_by_role("img", name="sea.jpg").first).to_be_visible()
    sheet.get_by_role("button", name="Send", exact=True).click()
    with bob.page.expect_download() as download:
        bob.log.get_by_role("link", name="Download sea.jpg").click()
    assert Path(download.value.path()).read_bytes() == original["buffer"]
    expect(bob.log.get_by_role("button", name="Open photo")).to_have_count(0)


def test_a_photo_waits_for_its_time(pair: Pair) -> None:
    alice, bob = pair
    sheet = choose(alice, "Photos and videos", named("sea.jpg"))
    sheet.get_by_role("textbox", name="Add a caption").fill("Good morning")
    sheet.get_by_role("button", name="Send later").click()
    later = alice.page.get_by_role("dialog", name="Send this message later")
    later.get_by_role("button", name="Schedule").click()
    alice.page.get_by_role("button", name="1 message is scheduled").click()
    waiting = alice.page.get_by_role("dialog", name="Scheduled messages")
    expect(waiting).to_contain_text("PhotoGood morning")
    # It is decoded while it waits, and nobody else knows of it.
    expect(waiting.locator("img")).to_have_count(1, timeout=DECODED_MS)
    expect(bob.log.get_by_text("Good morning")).to_have_count(0)
    waiting.get_by_role("button", name="Send now").click()
    expect(bob.bubble("Good morning").get_by_role("button", name="Open photo")).to_be_visible()
    expect(waiting).to_have_count(0)


def test_what_was_shared_is_found_beside_the_chat(pair: Pair) -> None:
    alice, bob = pair
    choose(alice, "Photos and videos", named("sea.jpg", width=480, height=400)).get_by_role(
        "button", name="Send", exact=True
    ).click()
    file: FilePayload = {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"Bring bread"}
    choose(alice, "File", file).get_by_role("button", name="Send", exact=True).click()
    alice.say("The way there: https://example.com/way")
    expect(bob.log.get_by_role("link", name="Download plan.txt")).to_be_visible()

    bob.page.get_by_role("link", name="Show info about Alice").click()
    way = bob.page.get_by_role("link", name="Media, links and files")
    expect(way.locator("img")).to_have_count(1, timeout=DECODED_MS)
    way.click()
    panel = bob.page.get_by_role("complementary", name="Media, links and files")
    pictures = panel.get_by_role("button", name="Open photo")
    expect(pictures).to_have_count(1)
    # What comes meanwhile is there at once.
    choose(alice, "Photos and videos", named("new.jpg", width=520, height=400)).get_by_role(
        "button", name="Send", exact=True
    ).click()
    expect(pictures).to_have_count(2, timeout=DECODED_MS)
    pictures.first.click()
    viewer = bob.page.get_by_role("dialog", name="Photos and videos of Alice")
    expect(viewer.get_by_role("img", name="Photo")).to_have_js_property("naturalWidth", 520)
    bob.page.keyboard.press("ArrowLeft")
    expect(viewer.get_by_role("img", name="Photo")).to_have_js_property("naturalWidth", 480)
    bob.page.keyboard.press("Escape")

    panel.get_by_role("tab", name="Media").press("ArrowRight")
    with bob.page.expect_download() as download:
        panel.get_by_role("link", name="Download plan.txt").click()
    assert download.value.suggested_filename == "plan.txt"
    panel.get_by_role("tab", name="Files").press("ArrowRight")
    expect(panel.get_by_role("link", name="example.com/way")).to_be_visible()
    panel.get_by_role("button", name="Show in chat").click()
    expect(panel).to_have_count(0)
    expect(bob.bubble("The way there:")).to_be_in_viewport()


def test_a_voice_is_recorded_heard_and_answered(pair: Pair) -> None:
    alice, bob = pair
    alice.page.get_by_role("button", name="Record a voice message").click()
    expect(bob.page.get_by_role("status").filter(has_text="recording…")).to_be_visible()
    expect(alice.page.get_by_role("timer")).to_have_text("0:02")
    alice.page.get_by_role("button", name="Stop and listen").click()
    expect(alice.page.get_by_role("button", name="Play recording")).to_be_enabled()
    alice.page.get_by_role("button", name="Send voice message").click()

    voice = bob.log.get_by_role("group", name="Voice message")
    voice.get_by_role("button", name="Play").click()
    expect(voice.get_by_role("button", name="Pause")).to_be_visible()
    voice.get_by_role("button", name="Playback speed: 1×").click()
    expect(voice.get_by_role("button", name="Playback speed: 1.5×")).to_be_visible()
    voice.get_by_role("slider", name="Position").fill("50")
    expect(voice.get_by_role("button", name="Play")).to_be_visible()
    expect(bob.chat_row("Alice")).to_contain_text(re.compile("Voice message 0:0[2-4]"))


def test_what_was_chosen_offline_goes_out_once_after_a_reload(pair: Pair) -> None:
    alice, _ = pair
    alice.context.set_offline(True)
    expect(alice.page.get_by_text("You’re offline")).to_be_visible()
    sheet = choose(alice, "Photos and videos", named("later.jpg"))
    sheet.get_by_role("textbox", name="Add a caption").fill("From the tunnel")
    sheet.get_by_role("button", name="Send", exact=True).click()
    expect(alice.bubble("From the tunnel").get_by_role("img", name="Photo")).to_be_visible()
    expect(alice.ticks("From the tunnel")).to_have_attribute("aria-label", "Sending")

    alice.context.set_offline(False)
    alice.page.reload()
    for person in pair:
        bubble = person.bubble("From the tunnel")
        expect(bubble.get_by_role("button", name="Open photo")).to_be_visible()
        expect(bubble).to_have_count(1)
    expect(alice.ticks("From the tunnel")).to_have_attribute("aria-label", "Seen")


def test_a_message_on_its_way_can_be_called_back(pair: Pair) -> None:
    alice, bob = pair
    alice.context.set_offline(True)
    sheet = choose(alice, "Photos and videos", named("never.jpg"))
    sheet.get_by_role("textbox", name="Add a caption").fill("Not this one")
    sheet.get_by_role("button", name="Send", exact=True).click()
    alice.bubble("Not this one").get_by_role("button", name="Cancel sending").click()
    expect(alice.bubble("Not this one")).to_have_count(0)
    alice.context.set_offline(False)
    alice.say("I am back")
    expect(bob.bubble("I am back")).to_be_visible()
    expect(bob.bubble("Not this one")).to_have_count(0)


def crop_photo(person: Person, *, zoom: str = "2") -> None:
    """Chooses a picture, moves and zooms it, and saves the square."""
    dialog = person.page.get_by_role("dialog")
    with person.page.expect_file_chooser() as chooser:
        dialog.get_by_role("button", name="Choose a photo").click()
    chooser.value.set_files(named("me.jpg"))
    dialog.get_by_role("slider", name="Zoom").fill(zoom)
    dialog.get_by_role("application", name="Drag the picture").press("ArrowLeft")
    dialog.get_by_role("button", name="Save photo").click()
    expect(dialog).to_have_count(0, timeout=DECODED_MS)


def test_photos_of_people_and_groups(pair: Pair) -> None:
    alice, bob = pair
    alice.section("Settings").click()
    alice.page.get_by_role("link", name="Profile").click()
    alice.page.get_by_role("button", name="Add a photo").click()
    crop_photo(alice)
    change = alice.page.get_by_role("button", name="Change photo")
    expect(change.locator("img")).to_have_js_property("complete", True)
    assert change.locator("img").evaluate("image => image.naturalWidth") > 100
    seen = bob.chat_row("Alice").locator("img[src*=avatar]")
    expect(seen).to_be_visible(timeout=DECODED_MS)

    # Bob hears of what goes on while he is away when he is back.
    bob.context.set_offline(True)
    expect(bob.page.get_by_text("You’re offline")).to_be_visible()
    change.click()
    alice.page.get_by_role("button", name="Remove photo").click()
    expect(alice.page.get_by_role("button", name="Add a photo")).to_be_visible()
    alice.page.get_by_role("textbox", name="Name", exact=True).fill("Alice of the Lake")
    alice.page.get_by_role("button", name="Save").click()
    expect(alice.page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    expect(seen).to_be_visible()
    bob.context.set_offline(False)
    expect(bob.chat_row("Alice of the Lake")).to_be_visible(timeout=DECODED_MS)
    expect(seen).to_have_count(0)

    alice.section("Chats").click()
    alice.make_group("Rowers")
    link = alice.link_into_group()
    bob.page.goto(link)
    bob.page.get_by_role("button", name="Join group").click()
    alice.page.get_by_role("button", name="Add a photo").click()
    crop_photo(alice)
    expect(bob.chat_row("Rowers").locator("img[src*=avatar]")).to_be_visible(timeout=DECODED_MS)
    expect(bob.log).to_contain_text(re.compile("photo|picture"))
