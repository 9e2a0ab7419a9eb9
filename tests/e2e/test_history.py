"""Where a conversation opens, and that it stays where it is while older messages come in."""

from contextlib import ExitStack

import pytest
from playwright.sync_api import expect

from tests.e2e.account import Account
from tests.e2e.person import Person

pytestmark = pytest.mark.e2e


def _write_lines(writer: Person, count: int, name: str = "Line") -> None:
    """Writes so many messages of one to three lines while the other one looks elsewhere."""
    with ExitStack() as until:
        account = Account(writer.server, writer.address, until)
        (chat,) = account.chats()
        for number in range(count):
            text = f"{name} {number} " + "with more words " * (number % 7)
            body = {"text": text, "client_id": f"{name}{number}"}
            account.post(f"chats/{chat}/messages/", body)


def _forget_and_start(person: Person) -> None:
    """Starts like someone who has nothing stored but the session."""
    person.open("/")
    person.page.evaluate("indexedDB.deleteDatabase('chatproject')")
    person.page.reload()


def test_a_chat_opens_at_the_first_unread_and_later_at_its_end(pair: tuple[Person, Person]) -> None:
    alice, bob = pair
    alice.say("Read by both")
    alice.section("People").click()
    _write_lines(bob, 120)
    _forget_and_start(alice)
    alice.open_chat("Bob")
    expect(alice.log.get_by_text("120 unread messages")).to_be_in_viewport()
    expect(alice.bubble("Line 0 ")).to_be_in_viewport()
    alice.page.get_by_role("button", name="Jump to the newest message").click()
    expect(alice.bubble("Line 119 ")).to_be_in_viewport(ratio=1)
    for _ in range(3):
        alice.section("People").click()
        alice.section("Chats").click()
        alice.open_chat("Bob")
        expect(alice.bubble("Line 119 ")).to_be_in_viewport(ratio=1)
    alice.page.reload()
    expect(alice.bubble("Line 119 ")).to_be_in_viewport(ratio=1)


def test_who_reads_back_is_not_taken_to_the_end(pair: tuple[Person, Person]) -> None:
    alice, bob = pair
    for number in range(30):
        alice.say(f"Said {number}")
    expect(bob.bubble("Said 29")).to_be_visible()
    alice.log.hover()
    alice.page.mouse.wheel(0, -500)
    expect(alice.bubble("Said 29")).not_to_be_in_viewport()
    bob.open_chat("Alice")
    bob.say("News")
    more = alice.page.get_by_role("button", name="Jump to the newest message, 1 unread")
    expect(more).to_be_visible()
    expect(alice.bubble("Said 29")).not_to_be_in_viewport()
    more.click()
    expect(alice.bubble("News")).to_be_in_viewport(ratio=1)
    bob.say("And more")
    expect(alice.bubble("And more")).to_be_in_viewport(ratio=1)
    alice.say("My answer")
    expect(alice.bubble("My answer")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("way", ["wheel", "key", "finger"])
def test_one_can_read_back_while_much_comes_in(pair: tuple[Person, Person], way: str) -> None:
    alice, bob = pair
    _write_lines(bob, 60)
    expect(alice.bubble("Line 59 ")).to_be_in_viewport()
    alice.log.evaluate(_GROW)
    for _ in range(3):
        _go_up(alice, way)
    expect(alice.page.get_by_role("button", name="Jump to the newest message")).to_be_visible()
    expect(alice.bubble("Line 59 ")).not_to_be_in_viewport()
    alice.page.wait_for_function("() => window.grown_")
    expect(alice.bubble("Line 59 ")).not_to_be_in_viewport()


def _go_up(person: Person, way: str) -> None:
    """By a screenful or so."""
    if way == "wheel":
        person.log.hover()
        person.page.mouse.wheel(0, -500)
    elif way == "key":
        person.log.focus()
        person.page.keyboard.press("PageUp")
    else:
        person.log.evaluate(_FINGER_UP, 500)


def test_a_finger_that_moves_nothing_stays_at_the_end(pair: tuple[Person, Person]) -> None:
    alice, bob = pair
    _write_lines(bob, 30)
    expect(alice.bubble("Line 29 ")).to_be_in_viewport()
    # Safari does not keep what is in view by itself.
    alice.log.evaluate("(log) => { log.style.overflowAnchor = 'none'; }")
    alice.log.evaluate(_FINGER_UP, 0)
    _write_lines(bob, 5, "News")
    expect(alice.bubble("News 4 ")).to_be_in_viewport(ratio=1)


def test_a_chat_opens_at_its_end_where_motion_is_unwanted(pair: tuple[Person, Person]) -> None:
    alice, _ = pair
    alice.page.emulate_media(reduced_motion="reduce")
    alice.page.set_viewport_size({"width": 390, "height": 844})
    # By the height a row is thought to have all of it fits, by its own it does not.
    _write_lines(alice, 14)
    _forget_and_start(alice)
    alice.open_chat("Bob")
    expect(alice.bubble("Line 13 ")).to_be_in_viewport(ratio=1)
    expect(alice.bubble("Line 0 ")).not_to_be_in_viewport()


def test_history_comes_in_above_without_a_jump(pair: tuple[Person, Person]) -> None:
    alice, bob = pair
    alice.section("People").click()
    _write_lines(bob, 170)
    _forget_and_start(alice)
    alice.open_chat("Bob")
    expect(alice.bubble("Line 169 ")).to_be_visible()
    scroller = alice.log
    while alice.bubble("Line 20 ").count() == 0:
        off = scroller.evaluate(_SCROLL_UP)
        assert off is not None, "what was in view is there no more"
        assert off < 12, f"what was in view moved by {off} pixels more than it was scrolled"
    while alice.bubble("Line 0 ").count() == 0:
        assert scroller.evaluate(_SCROLL_UP) is not None, "what was in view is there no more"
    alice.page.get_by_role("button", name="Jump to the newest message").click()
    expect(alice.bubble("Line 169 ")).to_be_visible()


def test_a_short_chat_is_followed_from_the_unread_and_from_a_jump(
    pair: tuple[Person, Person],
) -> None:
    alice, bob = pair
    alice.section("People").click()
    bob.say("First")
    alice.open_chat("Bob")
    expect(alice.bubble("First")).to_be_visible()
    alice.section("People").click()
    bob.say("Second")
    alice.open_chat("Bob")
    expect(alice.log.get_by_text("1 unread message")).to_be_visible()
    # All of it fits, so that nothing has scrolled; what comes then goes beyond.
    for number in range(25):
        bob.say(f"More {number}")
    expect(alice.bubble("More 24")).to_be_in_viewport(ratio=1)
    # Likewise a jump to what is in view already.
    with ExitStack() as until:
        account = Account(bob.server, bob.address, until)
        (chat,) = account.chats()
        body = {"text": "Look", "client_id": "look", "reply_to": 27}
        account.post(f"chats/{chat}/messages/", body)
    alice.bubble("Look").locator("button", has_text="More 24").click()
    expect(alice.page.locator(".animate-flash")).to_have_count(1)
    expect(alice.page.locator(".animate-flash")).to_have_count(0)
    for number in range(25):
        bob.say(f"Again {number}")
    expect(alice.bubble("Again 24")).to_be_in_viewport(ratio=1)


#: Every frame something takes room at the end, as if very much came in.
_GROW = """(scroller) => {
    let frames = 0;
    const grow = () => {
        scroller.lastElementChild.style.paddingBottom = `${++frames + 12}px`;
        if (frames < 150) requestAnimationFrame(grow);
        else window.grown_ = true;
    };
    grow();
}"""

#: What a finger does that drags the log down by so much, or by nothing: a tap is never quite still.
_FINGER_UP = """async (scroller, by) => {
    // What scrolled last has been told by then.
    for (let i = 0; i < 3; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
    const touch = (type, clientY) => scroller.dispatchEvent(new TouchEvent(type, {
        bubbles: true,
        touches: [new Touch({ identifier: 1, target: scroller, clientX: 100, clientY })],
    }));
    touch("touchstart", 200);
    touch("touchmove", 201 + by);
    if (by) scroller.scrollTop -= by;
    scroller.dispatchEvent(new TouchEvent("touchend", { bubbles: true }));
}"""

#: Scrolls up and answers how far off the row in the middle then is from where it should be.
_SCROLL_UP = """async (scroller) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const rows = () => [...scroller.querySelectorAll("[data-row]")];
    const middle = scroller.getBoundingClientRect().top + 300;
    const row = rows().find((one) => one.getBoundingClientRect().bottom > middle);
    const { textContent } = row;
    const { top } = row.getBoundingClientRect();
    scroller.scrollTop -= 200;
    for (let i = 0; i < 8; i++) await frame();
    const same = rows().find((one) => one.textContent === textContent);
    return same ? Math.abs(same.getBoundingClientRect().top - top - 200) : null;
}"""
