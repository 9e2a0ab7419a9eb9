"""Makes the pictures of docs/screens from a real server with a plausible history.

    python -m tests.e2e.screens [DIRECTORY]

Every screen at the size of a phone, a tablet and a desktop, light and dark; without a directory
only the chosen few that the documentation shows are written.
"""

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser import find
from tests.e2e.person import FLAGS
from tests.e2e.tour import SIZES, furnish, walk
from tests.server import ROOT, Server

#: What the documentation shows.
CHOSEN = (
    "login-phone-light",
    "chat-desktop-light",
    "chat-phone-dark",
    "qr-phone-light",
    "group-desktop-dark",
    "group-phone-light",
    "message-menu-desktop-light",
    "invite-phone-light",
    "status-phone-dark",
)


def _shoot(
    browser: Browser,
    server: Server,
    shown: tuple[str, str],
    size: str,
    theme: str,
    to: Path,
    *names: str,
) -> None:
    context = browser.new_context(
        **SIZES[size],
        device_scale_factor=2 if size == "phone" else 1,
        color_scheme=theme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        locale="en-GB",
    )
    page = context.new_page()

    def keep(name: str) -> None:
        full = f"{name}-{size}-{theme}"
        if names and full not in names:
            return
        page.wait_for_timeout(350)
        page.screenshot(path=to / f"{full}.png")

    walk(page, server, shown, keep)
    context.close()


def main(*arguments: str) -> None:
    """Starts a server, fills it, and takes the pictures."""
    to = Path(arguments[0]) if arguments else ROOT / "docs" / "screens"
    names = () if arguments else CHOSEN
    to.mkdir(parents=True, exist_ok=True)
    program = find()
    assert program, "no Chromium: run `python -m tests.browser`"
    with (
        tempfile.TemporaryDirectory() as directory,
        sync_playwright() as playwright,
        ExitStack() as online,
    ):
        server = Server(Path(directory) / "data").start()
        online.callback(server.stop)
        shown = furnish(server, online)
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        for size in SIZES:
            for theme in ("light", "dark"):
                if not names or any(name.endswith(f"{size}-{theme}") for name in names):
                    _shoot(browser, server, shown, size, theme, to, *names)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
