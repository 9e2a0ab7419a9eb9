"""Two people meet, talk and lose the network, in two real browsers."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.person import Person
from tests.server import Server

pytestmark = pytest.mark.e2e

Meet = Callable[[str], Person]


def test_two_people_meet_and_talk(meet: Meet) -> None:
    alice, bob = meet("Alice"), meet("Bob")
    alice.log_in()
    bob.log_in()
    alice.paste(bob.link_of_my_qr())
    expect(alice.page.get_by_text("Request sent")).to_be_visible()
    bob.accept()
    alice.page.get_by_role("button", name="Chat with Bob").click()
    expect(alice.message_box).to_be_visible()
    expect(alice.page.get_by_role("status").filter(has_text="online")).to_be_visible()

    alice.message_box.press_sequentially("Hello")
    expect(bob.page.get_by_role("status").filter(has_text="typing…")).to_be_visible()
    alice.message_box.press("Enter")
    expect(bob.bubble("Hello")).to_be_visible()
    expect(alice.ticks("Hello")).to_have_attribute("aria-label", "Seen")
    expect(bob.page.get_by_role("status").filter(has_text="typing…")).to_have_count(0)

    bob.say("Hi Alice, see https://example.com/path.")
    expect(alice.bubble("Hi Alice").get_by_role("link")).to_have_attribute(
        "href", "https://example.com/path"
    )
    expect(bob.ticks("Hi Alice")).to_have_attribute("aria-label", "Seen")

    alice.say("<b>not bold</b> مرحبا 🙂")
    expect(bob.bubble("<b>not bold</b> مرحبا 🙂")).to_be_visible()


def test_delivered_becomes_seen_when_bob_looks(pair: tuple[Person, Person]) -> None:
    alice, bob = pair
    bob.section("People").click()
    alice.say("Are you there?")
    expect(alice.ticks("Are you there?")).to_have_attribute("aria-label", "Delivered")
    expect(bob.page).to_have_title("(1) chatproject")

    bob.section("Chats").click()
    row = bob.chat_row("Alice")
    expect(row.get_by_role("status", name="1 unread message")).to_be_visible()
    row.click()
    expect(bob.page.get_by_role("separator")).to_have_text("1 unread message")
    expect(alice.ticks("Are you there?")).to_have_attribute("aria-label", "Seen")
    expect(bob.page).to_have_title("chatproject")


def test_a_hidden_tab_sees_nothing(pair: tuple[Person, Person]) -> None:
    alice, bob = pair
    bob.hide()
    alice.say("Look at me")
    expect(alice.ticks("Look at me")).to_have_attribute("aria-label", "Delivered")
    bob.look()
    expect(alice.ticks("Look at me")).to_have_attribute("aria-label", "Seen")


def test_bob_leaves_and_is_last_seen(pair: tuple[Person, Person]) -> None:
    alice, bob = pair
    status = alice.page.get_by_role("status")
    expect(status.filter(has_text=re.compile("^online$"))).to_be_visible()
    bob.context.set_offline(True)
    expect(status.filter(has_text="last seen today")).to_be_visible()
    bob.context.set_offline(False)
    expect(status.filter(has_text=re.compile("^online$"))).to_be_visible()


STORED_DRAFT = """draft => new Promise(resolve => {
    const request = indexedDB.open("chatproject");
    request.onsuccess = () => {
        const rows = request.result.transaction("personal").objectStore("personal").getAll();
        rows.onsuccess = () => {
            request.result.close();
            const drafts = rows.result.flatMap(row => Object.values(row.drafts ?? {}));
            resolve(drafts.includes(draft));
        };
    };
})"""


def test_a_reload_keeps_everything(pair: tuple[Person, Person]) -> None:
    alice, bob = pair
    for number in range(3):
        alice.say(f"Message {number}")
    expect(bob.bubble("Message 2")).to_be_visible()
    alice.message_box.fill("half a thou")
    bob.section("People").click()
    bob.page.reload()
    # The store writes a moment after a change; a page that goes away at once may lose that moment.
    deadline = time.monotonic() + 10
    while not alice.page.evaluate(STORED_DRAFT, "half a thou"):
        assert time.monotonic() < deadline, "the draft was not written"
    alice.page.reload()
    expect(alice.bubble("Message 0")).to_be_visible()
    expect(alice.ticks("Message 2")).to_have_attribute("aria-label", "Seen")
    expect(alice.message_box).to_have_value("half a thou")
    expect(bob.section("People")).to_have_attribute("aria-current", "page")
    bob.open_chat("Alice")
    expect(bob.bubble("Message 2")).to_have_count(1)


def test_what_was_written_offline_is_sent_once(pair: tuple[Person, Person]) -> None:
    alice, bob = pair
    alice.context.set_offline(True)
    expect(alice.page.get_by_text("You’re offline.")).to_be_visible()
    alice.say("Written in a tunnel")
    alice.say("And one more")
    expect(alice.ticks("Written in a tunnel")).to_have_attribute("aria-label", "Sending")
    bob.say("Meanwhile at the station")
    expect(bob.ticks("Meanwhile")).to_have_attribute("aria-label", "Sent")
    expect(bob.bubble("Written in a tunnel")).to_have_count(0)

    alice.context.set_offline(False)
    expect(bob.bubble("And one more")).to_be_visible()
    expect(alice.bubble("Meanwhile at the station")).to_be_visible()
    expect(alice.ticks("Written in a tunnel")).to_have_attribute("aria-label", "Seen")
    alice.page.reload()
    expect(alice.bubble("And one more")).to_be_visible()
    for person in pair:
        expect(person.bubble("Written in a tunnel")).to_have_count(1)
        expect(person.bubble("And one more")).to_have_count(1)


def test_an_opened_link_connects_after_log_in(meet: Meet) -> None:
    alice, carol = meet("Alice"), meet("Carol")
    alice.log_in()
    link = alice.link_of_my_qr()
    carol.page.goto(link)
    carol.page.reload()
    expect(carol.page.get_by_text("the person whose code you scanned")).to_be_visible()
    carol.log_in_again()
    carol.page.get_by_role("button", name="Connect", exact=True).click()
    expect(carol.page.get_by_text("Request sent")).to_be_visible()
    alice.page.get_by_role("button", name="Decline").last.click()
    expect(alice.page.get_by_role("button", name="Decline")).to_have_count(0)


def test_a_used_code_is_explained(pair: tuple[Person, Person], meet: Meet) -> None:
    alice, _ = pair
    carol = meet("Carol")
    carol.log_in()
    link = alice.link_of_my_qr()
    alice.page.get_by_role("button", name="Close").click()
    alice.link_of_my_qr()
    carol.paste(link)
    expect(carol.page.get_by_role("alert")).to_contain_text("expired or was already used")
    # The browser notes the refusal as an error of its own.
    carol.faults.clear()


def test_removing_a_contact_closes_the_chat(pair: tuple[Person, Person]) -> None:
    alice, bob = pair
    alice.say("Last words")
    expect(bob.bubble("Last words")).to_be_visible()
    bob.section("People").click()
    bob.page.get_by_role("button", name="Options for Alice").click()
    bob.page.get_by_role("menuitem", name="Remove contact").click()
    bob.page.get_by_role("button", name="Remove contact").click()
    expect(bob.page.get_by_role("button", name="Chat with Alice")).to_have_count(0)
    expect(alice.page.get_by_text("You’re not connected with Bob")).to_be_visible()
    expect(alice.bubble("Last words")).to_be_visible()


def test_log_out_leaves_nothing_behind(pair: tuple[Person, Person]) -> None:
    alice, _ = pair
    alice.section("Settings").click()
    alice.page.get_by_role("button", name="Log out").click()
    alice.page.get_by_role("dialog").get_by_role("button", name="Log out").click()
    expect(alice.page.get_by_role("textbox", name="Email or phone")).to_be_visible()
    left = alice.page.evaluate(
        """async () => {
            const counts = await Promise.all((await indexedDB.databases()).map(({ name }) =>
                new Promise((resolve) => {
                    const request = indexedDB.open(name);
                    request.onsuccess = () => {
                        const database = request.result;
                        const stores = [...database.objectStoreNames];
                        if (!stores.length) return resolve(0);
                        const reads = stores.map((store) => new Promise((done) => {
                            const count = database.transaction(store).objectStore(store).count();
                            count.onsuccess = () => done(count.result);
                        }));
                        Promise.all(reads).then((all) => resolve(all.reduce((a, b) => a + b, 0)));
                    };
                })));
            return [counts.reduce((a, b) => a + b, 0), localStorage.length, sessionStorage.length];
        }"""
    )
    assert left == [0, 0, 0]
    assert [cookie["name"] for cookie in alice.context.cookies()] == []


def test_a_revoked_device_is_logged_out(meet: Meet, pair: tuple[Person, Person]) -> None:
    alice, _ = pair
    other = meet("Alice")
    other.address = alice.address
    other.log_in_again()
    expect(other.chat_row("Bob")).to_be_visible()
    alice.section("Settings").click()
    alice.page.get_by_role("link", name="Devices").click()
    alice.page.get_by_role("button", name=re.compile("^Log out Chrome")).click()
    expect(other.page.get_by_role("textbox", name="Email or phone")).to_be_visible()
    # The refused refresh is what told it.
    other.faults.clear()


def test_two_tabs_show_the_same_and_leave_together(pair: tuple[Person, Person]) -> None:
    alice, bob = pair
    other = alice.context.new_page()
    other.goto(alice.page.url)
    there = other.get_by_role("log")
    alice.say("From the first tab")
    expect(there.get_by_text("From the first tab")).to_have_count(1)
    other.get_by_role("textbox", name="Message", exact=True).fill("From the second")
    other.get_by_role("button", name="Send").click()
    expect(alice.bubble("From the second")).to_have_count(1)
    expect(bob.bubble("From the second")).to_have_count(1)
    alice.section("Settings").click()
    alice.page.get_by_role("button", name="Log out").click()
    alice.page.get_by_role("dialog").get_by_role("button", name="Log out").click()
    expect(other.get_by_role("textbox", name="Email or phone")).to_be_visible()


def test_a_killed_server_is_only_a_pause(
    browser: Browser, start_server: Callable[..., Server]
) -> None:
    server = start_server()
    alice = Person(browser, server, "Alice", "alice@example.com")
    bob = Person(browser, server, "Bob", "bob@example.com")
    for person in (alice, bob):
        person.open()
        person.log_in()
    alice.paste(bob.link_of_my_qr())
    bob.accept()
    alice.page.get_by_role("button", name="Chat with Bob").click()
    alice.say("Before")
    expect(alice.ticks("Before")).to_have_attribute("aria-label", "Seen")
    for process in server.parts("web"):
        process.kill()
    alice.say("Into the dark")
    expect(bob.bubble("Into the dark")).to_have_count(1, timeout=40_000)
    expect(alice.ticks("Into the dark")).to_have_attribute("aria-label", "Seen")
    for person in (alice, bob):
        person.context.close()
