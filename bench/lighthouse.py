"""Lighthouse's marks of the client: of a first visit, and of what a person comes back to."""

import json
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import expect, sync_playwright

from chatproject.install import npm, npm_environment
from tests.browser import find
from tests.e2e import tour
from tests.e2e.person import FLAGS, wait_for
from tests.server import Server, free_port

PACKAGE = "lighthouse@13"
CATEGORIES = ("performance", "accessibility", "best-practices")
#: A run may miss the start of the page, and then asks to be repeated.
TRIES = 3

Report = dict[str, Any]


def measure(runs: int) -> None:
    """Prints the medians of ``runs`` (as Lighthouse advises), and the worst, for each page.

    Lighthouse slows a fast desktop's processor down four times to stand for a middling phone's; a
    slower machine is to be slowed down less, as its guide to throttling says. Both are printed.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as parent, ExitStack() as until:
        server = Server(Path(parent) / "var").start()
        until.callback(server.stop)
        shown, _ = tour.furnish(server, until)
        chat = f"#/chats/{shown}"
        visitor, member = Path(parent) / "visitor", Path(parent) / "member"
        _come_in(member, server, chat)
        for home, pages in (
            (visitor, {"login": None}),
            (member, {"chats": "#/chats", "chat": chat}),
        ):
            # One Chromium for a person: what it is told last it might not keep when it is killed.
            with _chromium(home) as port:
                # It is busy with itself at its start.
                _run(port, server, "#/chats")
                for name, path in pages.items():
                    _mark(name, [partial(_run, port, server, path)] * runs)
                if home is member:
                    _check_still_in(port, f"{server.url}/{chat}")


def _mark(name: str, runs: list[Callable[..., Report]]) -> None:
    usual = [run() for run in runs]
    index = statistics.median(report["environment"]["benchmarkIndex"] for report in usual)
    times = f"{slowdown_for(index):.1f}"
    _print(f"phone, {name}, usual slowdown of 4", usual)
    slowed = [run(f"--throttling.cpuSlowdownMultiplier={times}") for run in runs]
    _print(f"phone, {name}, slowdown of {times} for an index of {index:.0f}", slowed)
    _print(f"desktop, {name}", [run("--preset=desktop") for run in runs])


def slowdown_for(index: float) -> float:
    """How many times slower a middling phone is than a machine with this benchmark index.

    After the calculator that Lighthouse's guide (docs/throttling.md) names: once at an index of
    150, twice at 800, three times at 1300, and once more for each 233 above it.
    """
    if index >= 1300:
        return 3 + (index - 1300) / 233
    if index >= 800:
        return 2 + (index - 800) / 500
    return 1 + (index - 150) / 650


def _come_in(profile: Path, server: Server, chat: str) -> None:
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=find(), args=FLAGS, locale="en-GB"
        )
        page = context.new_page()
        page.goto(server.url)
        tour.log_in(page, server)
        page.wait_for_function("navigator.serviceWorker.controller !== null")
        page.goto(f"{server.url}/{chat}")
        expect(page.get_by_role("log")).to_contain_text("See you tomorrow!")
        context.close()


def _check_still_in(port: int, url: str) -> None:
    """Fails where it was the login page that was marked."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        page = browser.contexts[0].new_page()
        page.goto(url)
        expect(page.get_by_role("log")).to_contain_text("See you tomorrow!")


@contextmanager
def _chromium(profile: Path) -> Iterator[int]:
    """Chromium with nothing attached to it but Lighthouse; its debugging port."""
    program = find()
    assert program, "no Chromium: run `python -m tests.browser`"
    port = free_port()
    process = subprocess.Popen(
        [
            program,
            *FLAGS,
            "--headless=new",
            "--disable-gpu",
            "--no-first-run",
            f"--remote-debugging-port={port}",
            f"--user-data-dir={profile}",
            "about:blank",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: _answers(port), "Chromium did not start")
        yield port
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/json/version").is_success
    except httpx.TransportError:
        return False


def _run(port: int, server: Server, path: str | None, *options: str) -> Report:
    npm_command = npm()
    command = [
        *npm_command,
        *("exec", "--yes", PACKAGE, "--", f"{server.url}/{path or ''}", f"--port={port}"),
        # Else Lighthouse forgets all that is stored, as on a first visit.
        *(["--disable-storage-reset"] if path else []),
        *("--quiet", "--output=json", f"--only-categories={','.join(CATEGORIES)}"),
        *options,
    ]
    for _ in range(TRIES):
        done = subprocess.run(
            command, env=npm_environment(npm_command), capture_output=True, text=True
        )
        if done.returncode == 0:
            report: Report = json.loads(done.stdout)
            return report
    raise AssertionError(done.stderr)


def _print(what: str, reports: list[Report]) -> None:
    marks = []
    for category in CATEGORIES:
        scores = [report["categories"][category]["score"] for report in reports]
        marks.append(f"{category} {statistics.median(scores):.2f} (worst {min(scores):.2f})")
    print(f"lighthouse {what}: {', '.join(marks)}", flush=True)
