"""Three people in a group over a QR invite: what one does there, the others see at once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.person import Person

pytestmark = pytest.mark.e2e

Meet = Callable[[str], Person]


@pytest.fixture
def group(meet: Meet) -> tuple[Person, Person, Person]:
    """Alice, bob and carol in alice's group, open before each of them."""
    alice, bob, carol = meet("Alice"), meet("Bob"), meet("Carol")
    for person in (alice, bob, carol):
        person.log_in()
    alice.make_group("Hikers")
    link = alice.link_into_group()
    bob.paste(link)
    carol.page.goto(link)
    for person in (bob, carol):
        person.page.get_by_role("button", name="Join group").click()
        expect(person.message_box).to_be_visible()
    expect(alice.log).to_contain_text("Carol joined by invite")
    return alice, bob, carol


def test_what_one_does_the_others_see(group: tuple[Person, Person, Person]) -> None:
    alice, bob, carol = group
    alice.message_box.press_sequentially("Who")
    expect(bob.page.get_by_role("status").filter(has_text="Alice is typing…")).to_be_visible()
    alice.say("Who brings the map?")
    expect(carol.bubble("Who brings the map?")).to_contain_text("Alice")

    bob.menu("Who brings the map?", "Reply")
    expect(bob.page.get_by_text("Replying to Alice")).to_be_visible()
    bob.say("I do")
    answer = carol.bubble("I do")
    expect(answer.get_by_role("button", name="Reply to Alice")).to_contain_text("Who brings")

    carol.react("I do", "👍")
    expect(bob.bubble("I do").get_by_role("button", name="👍, 1")).to_be_visible()
    bob.bubble("I do").get_by_role("button", name="👍, 1").click()
    expect(bob.page.get_by_role("dialog", name="Reactions")).to_contain_text("Carol")
    bob.page.keyboard.press("Escape")

    bob.menu("I do", "Edit")
    expect(bob.message_box).to_have_value("I do")
    bob.say("I do, the big one")
    expect(alice.bubble("the big one")).to_contain_text("edited")

    expect(alice.ticks("Who brings")).to_have_attribute("aria-label", "Seen")
    alice.menu("Who brings", "Message info")
    expect(alice.page.get_by_role("region", name="Seen by")).to_contain_text("Carol")
    alice.page.keyboard.press("Escape")

    alice.menu("Who brings", "Delete")
    alice.page.get_by_role("button", name="Delete for everyone").click()
    for person in group:
        expect(person.log).to_contain_text("This message was deleted")
        expect(person.bubble("the big one")).not_to_contain_text("Who brings")


def test_mentions_polls_pins_and_stars(group: tuple[Person, Person, Person]) -> None:
    alice, bob, carol = group
    alice.section("People").click()
    bob.message_box.press_sequentially("Hello @ali")
    option = bob.page.get_by_role("option", name=re.compile("Alice"))
    expect(option).to_be_visible()
    bob.message_box.press("Enter")
    bob.message_box.press("Enter")
    expect(bob.bubble("Hello")).to_contain_text("@Alice")
    alice.section("Chats").click()
    row = alice.chat_row("Hikers")
    expect(row.get_by_role("img", name="You were mentioned")).to_be_visible()
    row.click()

    bob.page.get_by_role("button", name="Attach").click()
    bob.page.get_by_role("menuitem", name="Poll").click()
    bob.page.get_by_role("textbox", name="Question").fill("When?")
    bob.page.get_by_role("textbox", name="Option 1").fill("Friday")
    bob.page.get_by_role("textbox", name="Option 2").fill("Saturday")
    bob.page.get_by_role("button", name="Send poll").click()
    alice.bubble("When?").get_by_role("radio", name="Saturday, 0 votes").click()
    expect(carol.bubble("When?").get_by_role("radio", name="Saturday, 1 vote")).to_be_visible()
    chosen = alice.bubble("When?").get_by_role("radio", name="Saturday, 1 vote")
    expect(chosen).to_have_attribute("aria-checked", "true")

    carol.menu("Hello", "Pin")
    expect(alice.page.get_by_role("button", name="Pinned message 1 of 1")).to_be_visible()
    alice.menu("Hello", "Star")
    expect(alice.bubble("Hello").get_by_role("img", name="Starred")).to_be_visible()


def test_an_admin_lets_somebody_in_and_out(meet: Meet) -> None:
    alice, bob = meet("Alice"), meet("Bob")
    alice.log_in()
    bob.log_in()
    alice.make_group("Choir")
    bob.paste(alice.link_into_group(approval=True))
    bob.page.get_by_role("button", name="Join group").click()
    expect(bob.page.get_by_text("An admin has to let you in.")).to_be_visible()
    bob.page.get_by_role("button", name="Done").click()
    alice.page.get_by_role("button", name="Let in").click()
    bob.open_chat("Choir")
    bob.say("Thank you")
    expect(alice.bubble("Thank you")).to_be_visible()

    alice.page.get_by_role("button", name="Options for Bob").click()
    alice.page.get_by_role("menuitem", name="Make admin").click()
    expect(bob.log).to_contain_text("Alice made you an admin")
    alice.page.get_by_role("button", name="Edit name and description").click()
    alice.page.get_by_role("textbox", name="Group name").fill("Big choir")
    alice.page.get_by_role("button", name="Save").click()
    expect(bob.chat_row("Big choir")).to_be_visible()

    alice.page.get_by_role("button", name="Options for Bob").click()
    alice.page.get_by_role("menuitem", name="Remove from group").click()
    alice.page.get_by_role("button", name="Remove from group").last.click()
    expect(bob.chat_row("Big choir")).to_have_count(0)
    expect(bob.page.get_by_text("This chat isn’t available any more.")).to_be_visible()
