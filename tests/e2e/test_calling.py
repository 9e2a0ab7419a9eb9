"""Alice calls from the page: bob, who has two tabs open, and a group."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.account import Account
from tests.e2e.person import Person
from tests.server import Server

pytestmark = pytest.mark.e2e

#: Decoding pictures takes long on a busy machine.
PICTURE_MS = 20_000
#: Frames that a picture has shown since it is there.
FRAMES = "video => video.getVideoPlaybackQuality().totalVideoFrames"


def stage(page: Page, other: str) -> Locator:
    """The call on the whole window."""
    return page.get_by_role("dialog", name=f"Call with {other}")


def ring(page: Page) -> Locator:
    """What stands over everything while somebody calls."""
    return page.get_by_role("dialog", name=re.compile("Incoming"))


def expect_picture(page: Page, name: str) -> None:
    """Frames of a moving picture keep coming."""
    picture = page.get_by_label(name)
    expect(picture).to_be_visible(timeout=PICTURE_MS)
    handle = picture.element_handle()
    page.wait_for_function(f"video => ({FRAMES})(video) > 5", arg=handle)


@pytest.fixture
def three(meet: Callable[[str], Person], server: Server) -> Iterator[tuple[Person, Person, Person]]:
    """Alice, bob and carol, each with the group of the three open."""
    people = meet("Alice"), meet("Bob"), meet("Carol")
    with ExitStack() as until:
        accounts = [Account(server, person.address, until) for person in people]
        for person, account in zip(people, accounts, strict=True):
            account.introduce(person.name)
        alice, *others = accounts
        for other in others:
            alice.connect(other)
        members = [other.id for other in others]
        chat = alice.post("chats/", {"kind": "group", "name": "Hikers", "members": members})
        for person, account in zip(people, accounts, strict=True):
            person.enter(account, f"/#/chats/{chat['id']}")
            expect(person.message_box).to_be_visible()
        yield people


def test_a_video_call(pair: tuple[Person, Person]) -> None:
    alice, bob = pair
    second = bob.context.new_page()
    second.goto(bob.server.url + "/#/people")
    expect(second.get_by_role("button", name="Chat with Alice")).to_be_visible()

    alice.page.get_by_role("button", name="Start a video call").click()
    expect(stage(alice.page, "Bob").get_by_text("Ringing…")).to_be_visible()
    expect(ring(bob.page)).to_be_visible()
    expect(ring(second)).to_be_visible()

    ring(bob.page).get_by_role("button", name="Answer with video").click()
    expect(ring(second)).to_have_count(0)
    expect(second.get_by_role("dialog")).to_have_count(0)
    for page, other in ((alice.page, "Bob"), (bob.page, "Alice")):
        expect(stage(page, other).get_by_role("status").first).to_have_text(re.compile(r"^0:\d\d$"))
        expect_picture(page, f"Picture of {other}")
        expect_picture(page, "Your picture")

    alice.page.get_by_role("button", name="Mute microphone").click()
    expect(bob.page.get_by_label("muted")).to_be_visible()
    alice.page.get_by_role("button", name="Turn camera off").click()
    expect(bob.page.get_by_label("Picture of Alice")).to_have_count(0)
    alice.page.get_by_role("button", name="Turn camera on").click()
    expect_picture(bob.page, "Picture of Alice")

    bob.page.get_by_role("button", name="Back to the chat; the call goes on").click()
    bob.say("I write while we talk")
    expect(alice.page.get_by_role("log")).to_contain_text("I write while we talk")
    bob.page.get_by_role("button", name="Show the call").click()
    bob.page.get_by_role("button", name="Hang up").click()
    for page, other in ((alice.page, "Bob"), (bob.page, "Alice")):
        expect(stage(page, other).get_by_text("Call ended")).to_be_visible()
    for page, other in ((alice.page, "Bob"), (bob.page, "Alice")):
        expect(stage(page, other)).to_have_count(0)
        call = page.get_by_role("log").get_by_role("button", name="Video call")
        expect(call).to_contain_text(re.compile(r"\d:\d\d"))

    alice.section("Calls").click()
    log = alice.page.get_by_role("list", name="Calls")
    expect(log.get_by_role("listitem")).to_have_count(1)
    expect(log).to_contain_text(re.compile(r"Bob.*Outgoing · \d:\d\d"))


def test_a_call_that_is_declined_and_one_that_is_called_off(pair: tuple[Person, Person]) -> None:
    alice, bob = pair
    alice.page.get_by_role("button", name="Start a voice call").click()
    ring(bob.page).get_by_role("button", name="Decline").click()
    expect(stage(alice.page, "Bob").get_by_text("Call declined")).to_be_visible()

    alice.page.get_by_role("button", name="Call again").click()
    expect(ring(bob.page)).to_be_visible()
    alice.page.get_by_role("button", name="Hang up").click()
    expect(ring(bob.page)).to_have_count(0)
    expect(bob.page.get_by_role("log")).to_contain_text("Missed voice call")

    bob.section("Calls").click()
    bob.page.get_by_role("button", name="Missed", exact=True).click()
    log = bob.page.get_by_role("list", name="Calls")
    expect(log.get_by_role("listitem")).to_have_count(1)
    log.get_by_role("button", name="Voice call with Alice").click()
    ring(alice.page).get_by_role("button", name="Answer", exact=True).click()
    expect(stage(bob.page, "Alice").get_by_role("status").first).to_have_text(
        re.compile(r"^0:\d\d$")
    )
    alice.page.keyboard.press("Escape")
    alice.page.get_by_role("button", name="Hang up").click()
    expect(stage(bob.page, "Alice").get_by_text("Call ended")).to_be_visible()


def test_a_call_outlives_the_loss_of_the_socket(pair: tuple[Person, Person]) -> None:
    alice, bob = pair
    alice.page.get_by_role("button", name="Start a video call").click()
    ring(bob.page).get_by_role("button", name="Answer with video").click()
    expect_picture(alice.page, "Picture of Bob")
    bob.context.set_offline(True)
    bob.page.evaluate("dispatchEvent(new Event('offline'))")
    bob.context.set_offline(False)
    bob.page.evaluate("dispatchEvent(new Event('online'))")
    # What changes after it has to be negotiated through the new socket.
    bob.page.get_by_role("button", name="Turn camera off").click()
    expect(alice.page.get_by_label("Picture of Bob")).to_have_count(0, timeout=PICTURE_MS)
    bob.page.get_by_role("button", name="Turn camera on").click()
    expect_picture(alice.page, "Picture of Bob")


def test_three_talk_in_a_group(three: tuple[Person, Person, Person]) -> None:
    alice, bob, carol = three
    alice.page.get_by_role("button", name="Start a video call").click()
    expect(ring(carol.page)).to_contain_text("Alice calls the group")
    ring(bob.page).get_by_role("button", name="Answer with video").click()
    for page, other in ((alice.page, "Bob"), (bob.page, "Alice")):
        expect_picture(page, f"Picture of {other}")
    ring(carol.page).get_by_role("button", name="Answer", exact=True).click()
    for other in ("Alice", "Bob"):
        expect_picture(carol.page, f"Picture of {other}")
    for person in (alice, bob):
        expect(stage(person.page, "Hikers").get_by_text("Carol", exact=True)).to_be_visible()

    alice.page.get_by_role("button", name="Share screen").click()
    for person in (bob, carol):
        expect(person.page.get_by_text("Alice shares their screen")).to_be_visible()
        expect_picture(person.page, "Picture of Alice")
    alice.page.get_by_role("button", name="Stop sharing").click()
    expect(carol.page.get_by_text("Alice shares their screen")).to_have_count(0)

    devices = alice.page.get_by_role("button", name="Microphone, camera and speaker")
    devices.click()
    microphone = alice.page.get_by_role("combobox", name="Microphone")
    microphone.select_option("Fake Audio Input 2")
    alice.page.keyboard.press("Escape")
    devices.click()
    chosen = "select => select.selectedOptions[0].label"
    assert microphone.evaluate(chosen) == "Fake Audio Input 2"
    alice.page.keyboard.press("Escape")

    carol.page.get_by_role("button", name="Hang up").click()
    expect(stage(carol.page, "Hikers")).to_have_count(0)
    expect(stage(bob.page, "Hikers").get_by_text("Carol", exact=True)).to_have_count(0)
    carol.page.get_by_role("button", name="Join the call").click()
    expect_picture(carol.page, "Picture of Bob")
    for person in (carol, bob):
        person.page.get_by_role("button", name="Hang up").click()
    expect(stage(alice.page, "Hikers").get_by_text("Call ended")).to_be_visible()


def test_the_connection_is_tested(meet: Callable[[str], Person]) -> None:
    alice = meet("Alice")
    alice.log_in()
    page = alice.page
    alice.section("Settings").click()
    page.get_by_role("link", name="Connection test").click()
    page.get_by_role("button", name="Start the test").click()
    expect(page.get_by_role("status").filter(has_text="in most places")).to_be_visible()
    steps = page.get_by_role("list", name="What was tested").get_by_role("listitem")
    works = re.compile("(Microphone|Camera|Connections in this browser)Works.")
    expect(steps.filter(has_text=works)).to_have_count(3)
    # The server of the tests knows no others.
    expect(steps.filter(has_text="This server has none")).to_have_count(2)
    ways = page.get_by_role("region", name="Ways to this device").get_by_role("listitem")
    expect(ways.filter(has_text="In your own network").first).to_be_visible()
