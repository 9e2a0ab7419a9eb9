"""Someone in front of a browser: does what people do, by the names that they see."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.server import Server

if TYPE_CHECKING:
    from tests.e2e.account import Account

T = TypeVar("T")

#: How long the page may take to show something before a test gives up on it.
PATIENCE_MS = 10_000
#: The same of a picture: each is decoded in a process of its own.
DECODED_MS = 40_000
#: Pages of suggestions for an address bar that nobody sees, a second of work for each context; and
#: what Playwright turns off itself, since only the last such switch counts.
_NO_FEATURES = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
#: For Chromium: root has no sandbox, and a moving picture stands for the camera.
FLAGS = [
    "--no-sandbox",
    f"--disable-features={','.join(_NO_FEATURES)}",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
expect.set_options(timeout=PATIENCE_MS)


class Person:
    """A browser context: own cookies, storage, network; ``faults`` is what went wrong.

    Without ``worker`` its pages have no service worker, which would read all of the client's files
    anew for each person.
    """

    def __init__(
        self, browser: Browser, server: Server, name: str, address: str, *, worker: bool = False
    ) -> None:
        self.server = server
        self.name = name
        self.address = address
        self.faults: list[str] = []
        self.context: BrowserContext = browser.new_context(
            viewport={"width": 1280, "height": 800}, locale="en-GB"
        )
        self.context.set_default_timeout(PATIENCE_MS)
        if not worker:
            self.context.add_init_script("delete Navigator.prototype.serviceWorker")
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(f"{name}: {error}"))
        self.page.on("console", self._listen)
        self.page.on("request", lambda request: self._watch(request.url))

    def _listen(self, message: ConsoleMessage) -> None:
        # A request that fails while the network is away is not a fault of the client, nor is asking
        # for a picture that the server has yet to make.
        is_early = "404" in message.text and "/avatar.webp" in message.location["url"]
        is_away = "ERR_INTERNET_DISCONNECTED" in message.text
        if message.type == "error" and not is_away and not is_early:
            self.faults.append(f"{self.name}: {message.text}")

    def _watch(self, url: str) -> None:
        if not url.startswith((self.server.url, "data:", "blob:")):
            self.faults.append(f"{self.name}: asked another host: {url}")

    def open(self, path: str = "/") -> None:
        """Goes to an address of the server."""
        self.page.goto(self.server.url + path)

    def enter(self, account: "Account", path: str) -> None:
        """Is here like on a later visit, with the session of this account."""
        self.context.add_cookies(
            [
                {
                    "name": cookie.name,
                    "value": cookie.value or "",
                    "domain": cookie.domain,
                    "path": cookie.path,
                    "httpOnly": True,
                    "sameSite": "Strict",
                }
                for cookie in account.http.cookies.jar
            ]
        )
        self.page.evaluate("() => localStorage.setItem('session', '1')")
        self.open(path)
        self.page.reload()
        expect(self.section("Chats")).to_be_visible()

    def log_in(self) -> None:
        """Logs in for the first time, and says what they are called."""
        self.log_in_again()
        self.introduce()

    def log_in_again(self) -> None:
        """Asks for a code, reads it where it was sent, and enters it."""
        page = self.page
        page.get_by_role("textbox", name="Email or phone").fill(self.address)
        page.get_by_role("button", name="Continue").click()
        box = page.get_by_role("textbox", name="Code")
        expect(box).to_be_visible()
        # The sixth digit logs in by itself.
        box.fill(code_for(self.server.data_dir, self.address))
        expect(self.section("Chats")).to_be_visible()

    def introduce(self) -> None:
        """Says their name when asked for it."""
        box = self.page.get_by_role("textbox", name="Your name")
        expect(box).to_be_focused()
        box.fill(self.name)
        self.page.get_by_role("button", name="Start chatting").click()
        expect(self.page.get_by_role("dialog")).to_have_count(0)

    def section(self, name: str) -> Locator:
        """A link of the navigation."""
        return self.page.get_by_role("navigation", name="Sections").get_by_role(
            "link", name=re.compile(f"{name}$")
        )

    def link_of_my_qr(self) -> str:
        """Shows their QR and reads the link below it."""
        self.page.get_by_role("button", name="My QR").first.click()
        link = self.page.get_by_role("textbox", name="Connection link")
        expect(link).to_have_value(re.compile("/#/c/"))
        expect(self.page.get_by_role("img", name="QR code that connects to")).to_be_visible()
        return link.input_value()

    def paste(self, link: str) -> None:
        """Scans by pasting."""
        self.page.get_by_role("button", name="Scan a code").first.click()
        self.page.get_by_role("textbox", name="Paste a code or link").fill(link)
        self.page.get_by_role("button", name="Connect", exact=True).click()

    def accept(self) -> None:
        """Accepts the request that is there; the one in an open dialog stands last."""
        self.page.get_by_role("button", name="Accept").last.click()
        expect(self.message_box).to_be_visible()

    def open_chat(self, other: str) -> None:
        """Opens a chat from the list."""
        self.section("Chats").click()
        self.chat_row(other).click()
        expect(self.message_box).to_be_visible()

    def chat_row(self, other: str) -> Locator:
        """The row of someone's chat."""
        return self.page.get_by_role("region", name="Chats").get_by_role(
            "link", name=re.compile(other)
        )

    @property
    def message_box(self) -> Locator:
        """Where a message is written."""
        return self.page.get_by_role("textbox", name="Message", exact=True)

    def say(self, text: str) -> None:
        """Sends a message to the open chat."""
        self.message_box.fill(text)
        self.message_box.press("Enter")

    @property
    def log(self) -> Locator:
        """The messages of the open chat."""
        return self.page.get_by_role("log")

    def bubble(self, text: str) -> Locator:
        """The message with this text in the open chat."""
        return self.log.locator("[data-row]", has_text=text)

    def menu(self, text: str, choice: str) -> None:
        """Chooses something from the menu of a message; of answers that quote it, it is first."""
        bubble = self.bubble(text).first
        bubble.hover()
        bubble.get_by_role("button", name="Message options").click()
        self.page.get_by_role("menuitem", name=choice, exact=True).click()

    def react(self, text: str, emoji: str) -> None:
        """Puts an emoji on a message."""
        bubble = self.bubble(text)
        bubble.hover()
        bubble.get_by_role("button", name="React", exact=True).click()
        self.page.get_by_role("button", name=f"React with {emoji}", exact=True).click()

    def make_group(self, name: str) -> None:
        """Makes a group of nobody else, and is in it then."""
        self.page.get_by_role("button", name="New chat or group").click()
        self.page.get_by_role("menuitem", name="New group").click()
        self.page.get_by_role("textbox", name="Group name").fill(name)
        self.page.get_by_role("button", name="Create group").click()
        expect(self.page.get_by_role("region", name=name)).to_be_visible()

    def link_into_group(self, *, approval: bool = False) -> str:
        """Makes an invite to the open group; its link."""
        self.page.get_by_role("link", name="Show info about").click()
        self.page.get_by_role("button", name="Invite by QR or link").click()
        if approval:
            self.page.get_by_role("switch", name="Admins approve each person").click()
        self.page.get_by_role("button", name="Create invite").click()
        code = self.page.get_by_role("img", name="QR code that leads into")
        expect(code).to_be_visible()
        link = self.page.get_by_role("textbox", name="Invite link").input_value()
        self.page.get_by_role("dialog").get_by_role("button", name="Close").click()
        return link

    def ticks(self, text: str) -> Locator:
        """How far an own message has got."""
        names = re.compile("^(Sending|Sent|Delivered|Seen|Not sent)$")
        return self.bubble(text).get_by_role("img", name=names)

    def hide(self) -> None:
        """Looks away: another tab covers this one."""
        self._set_visibility("hidden")

    def look(self) -> None:
        """Looks again."""
        self._set_visibility("visible")

    def _set_visibility(self, state: str) -> None:
        self.page.evaluate(
            """state => {
                const seen = { value: state, configurable: true };
                Object.defineProperty(document, "visibilityState", seen);
                document.dispatchEvent(new Event("visibilitychange"));
            }""",
            state,
        )


def code_for(data_dir: Path, address: str) -> str:
    """The newest code that was sent to an address."""

    def newest() -> str | None:
        try:
            lines = (data_dir / "outbox.jsonl").read_text().splitlines()
        except FileNotFoundError:
            return None
        sent = [json.loads(line) for line in lines]
        codes = [entry["code"] for entry in sent if entry["to"] == address and entry.get("code")]
        return codes[-1] if codes else None

    return wait_for(newest, "nothing was sent")


def wait_for(read: Callable[[], T | None], missing: str, patience_ms: int = PATIENCE_MS) -> T:
    """Reads until there is something, and answers that."""
    deadline = time.monotonic() + patience_ms / 1000
    while not (found := read()):
        if time.monotonic() > deadline:
            raise AssertionError(missing)
        time.sleep(0.02)
    return found
