"""A Chromium, and people in front of it."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser import find
from tests.e2e.account import Account
from tests.e2e.person import FLAGS, Person
from tests.server import Server

_numbers = itertools.count(1)


@pytest.fixture(scope="package")
def launch() -> Iterator[Callable[..., Browser]]:
    """Starts Chromium; more flags may be given."""
    program = find()
    assert program, "no Chromium: run `python -m tests.browser`"
    with sync_playwright() as playwright:

        def start(*flags: str) -> Browser:
            return playwright.chromium.launch(executable_path=program, args=[*FLAGS, *flags])

        yield start


@pytest.fixture(scope="package")
def browser(launch: Callable[..., Browser]) -> Iterator[Browser]:
    """One Chromium for most tests; each person gets a context of their own."""
    with launch() as running:
        yield running


@pytest.fixture
def worker() -> bool:
    """Whether pages have a service worker; modules that are about it say so."""
    return False


@pytest.fixture
def meet(browser: Browser, server: Server, worker: bool) -> Iterator[Callable[[str], Person]]:
    """Makes people who are on the page but not logged in; ends with a look at what went wrong."""
    met: list[Person] = []

    def someone(name: str) -> Person:
        address = f"{name.lower()}{next(_numbers)}@example.com"
        person = Person(browser, server, name, address, worker=worker)
        met.append(person)
        person.open()
        return person

    yield someone
    faults = [fault for person in met for fault in person.faults]
    for person in met:
        person.context.close()
    assert faults == []


@pytest.fixture
def pair(meet: Callable[[str], Person], server: Server) -> tuple[Person, Person]:
    """Alice and bob, who met before, each with the chat open."""
    alice, bob = meet("Alice"), meet("Bob")
    with ExitStack() as until:
        accounts = [Account(server, person.address, until) for person in (alice, bob)]
        for person, account in zip((alice, bob), accounts, strict=True):
            account.introduce(person.name)
        chat = accounts[0].connect(accounts[1])
        for person, account in zip((alice, bob), accounts, strict=True):
            person.enter(account, f"/#/chats/{chat}")
            expect(person.message_box).to_be_visible()
    return alice, bob
