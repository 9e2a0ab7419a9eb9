"""A part of the client that is not there when it is wanted."""

import re

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.e2e.person import Person
from tests.server import Server

pytestmark = pytest.mark.e2e


def test_what_could_not_be_read_comes_when_it_is_tried_again(
    browser: Browser, server: Server
) -> None:
    alice = Person(browser, server, "Alice", "alice.of.the.parts@example.com")
    alice.open()
    alice.log_in()
    page = alice.page
    lost = page.get_by_role("alert").filter(has_text="couldn’t be loaded")
    again = page.get_by_role("button", name="Try again")
    page.evaluate("window.isTheSamePage = true")

    contacts = re.compile(r"/assets/PeopleView-.*\.js$")
    alice.context.route(contacts, lambda route: route.abort("internetdisconnected"))
    alice.section("People").click()
    expect(lost).to_be_visible()
    alice.section("Settings").click()
    expect(page.get_by_role("heading", name="Settings").first).to_be_visible()
    expect(lost).to_have_count(0)
    alice.section("People").click()
    expect(lost).to_be_visible()
    alice.context.unroute(contacts)
    again.click()
    expect(page.get_by_role("heading", name="People")).to_be_visible()
    expect(lost).to_have_count(0)

    # A new release has taken the file away: the page that is opened anew knows of others.
    taken_away = [True]

    def answer(route: Route) -> None:
        if taken_away:
            route.fulfill(status=404)
        else:
            route.continue_()

    alice.context.route(re.compile(r"/assets/StatusesView-.*\.js$"), answer)
    alice.section("Status").click()
    expect(lost).to_be_visible()
    assert page.evaluate("window.isTheSamePage")
    page.once("domcontentloaded", lambda _: taken_away.clear())
    again.click()
    expect(page.get_by_role("heading", name="Status").first).to_be_visible()
    assert page.evaluate("window.isTheSamePage") is None
    alice.context.close()
