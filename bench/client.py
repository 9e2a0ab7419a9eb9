"""The web client in a real Chromium: its size, its start, a chat of ten thousand, a flood."""

import asyncio
import gzip
import re
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from bench.history import fill
from bench.load import percentile, send_frame, sign_in
from tests.browser import find
from tests.e2e.account import Account
from tests.e2e.person import FLAGS, Person
from tests.server import ROOT, Server

OPENINGS = 20
FLOOD_SECONDS = 10
#: What the eye sees as one frame at 60 Hz, with room for the clock's coarseness.
FRAME_MS = 1000 / 60
_DROPPED_MS = FRAME_MS * 1.5

#: Milliseconds from a click to the end of the first frame that shows the last message: what the
#: browser finds in view before it paints a frame, it tells right after.
_CLICK_TO_PAINT = """link => new Promise((resolve, reject) => {
    const begun = performance.now();
    setTimeout(reject, 10_000, new Error('the chat does not open at its last message'));
    const views = new IntersectionObserver(([{ target, isIntersecting }]) => {
        if (isIntersecting && target.checkVisibility({ visibilityProperty: true })) {
            resolve(performance.now() - begun);
            views.disconnect();
            changes.disconnect();
        } else {
            views.unobserve(target);
            requestAnimationFrame(() => views.observe(target));
        }
    }, { threshold: 0.9 });
    const changes = new MutationObserver(() => {
        const last = [...document.querySelectorAll('[role=log] [data-row]')].at(-1);
        if (!last?.textContent.includes('Look where we began')) return;
        views.observe(last);
        changes.disconnect();
    });
    changes.observe(document.body, { childList: true, subtree: true });
    link.click();
})"""

_WATCH_FRAMES = """() => {
    window.frames_ = [];
    let last = performance.now();
    const tick = now => {
        window.frames_.push(now - last);
        last = now;
        window.watching_ = requestAnimationFrame(tick);
    };
    window.watching_ = requestAnimationFrame(tick);
    window.keys_ = [];
    window.addEventListener('keydown', ({ timeStamp }) => requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => window.keys_.push(performance.now() - timeStamp);
        channel.port2.postMessage(null);
    }), { capture: true });
}"""
_FRAMES = """() => {
    cancelAnimationFrame(window.watching_);
    return [window.frames_.slice(2), window.keys_];
}"""


def measure(messages: int) -> None:
    """Prints size, start without a network, opening a chat of ``messages``, frames in a flood."""
    _print_size(ROOT / "web" / "dist")
    with _two_people() as (alice, bob, chat):
        _print_start(alice)
        fill(alice.server, messages)
        alice.page.reload()
        alice.chat_row("Bob").click()
        _read_all(alice, bob, chat)
        _print_openings(alice, messages)
        for rate in (0, 50):
            _print_frames(alice, bob, chat, rate)


def _print_size(dist: Path) -> None:
    """What a first visit loads before anything is asked for."""
    page = (dist / "index.html").read_text()
    names = re.findall(r'(?:href|src)="/(assets/[^"]+)"', page)
    sizes = [len(gzip.compress((dist / name).read_bytes(), 9)) for name in names]
    print(f"first load: {(sum(sizes) + len(gzip.compress(page.encode()))) / 1000:.1f} kB gzip")


@contextmanager
def _two_people() -> Iterator[tuple[Person, Account, str]]:
    program = find()
    assert program, "no Chromium: run `python -m tests.browser`"
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as parent,
        sync_playwright() as playwright,
        ExitStack() as until,
    ):
        server = Server(Path(parent) / "var").start()
        until.callback(server.stop)
        browser: Browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        until.callback(browser.close)
        bob = Account(server, "bob@example.com", until)
        bob.introduce("Bob", "", "bob.bench")
        alice = Person(browser, server, "Alice", "alice@example.com", worker=True)
        alice.open()
        alice.log_in()
        token = alice.link_of_my_qr().rsplit("/", 1)[1]
        bob.post("connections/scan/", {"token": token})
        alice.accept()
        yield alice, bob, bob.chats()[0]


def _print_start(alice: Person) -> None:
    """From the start of a visit without a network to the chats from the browser's database."""
    page = alice.page
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    times = []
    alice.context.set_offline(True)
    for _ in range(5):
        page.goto(alice.server.url)
        expect(alice.chat_row("Bob")).to_be_visible()
        times.append(
            page.evaluate(
                "() => new Promise(done => requestAnimationFrame(() => done(performance.now())))"
            )
        )
    alice.context.set_offline(False)
    print(f"start without a network: {percentile(times, 0.5):.0f} ms to the chats")


def _read_all(alice: Person, bob: Account, chat: str) -> None:
    """Alice goes to the first message by an answer to it, holds all up to there, and comes back."""
    body = {"client_id": "bench-answer", "text": "Look where we began", "reply_to": 2}
    bob.post(f"chats/{chat}/messages/", body)
    alice.bubble("Look where we began").locator("button", has_text="Message 2 of").click()
    expect(alice.bubble("Message 1 of this")).to_be_visible(timeout=60_000)
    # It opens at what was asked for until that has been shown, and from then on at the end.
    expect(alice.log.locator(".animate-flash")).to_have_count(0)
    alice.page.get_by_role("button", name="Jump to the newest message").click()
    expect(alice.bubble("Look where we began")).to_be_in_viewport()


def _print_openings(alice: Person, messages: int) -> None:
    times = []
    for _ in range(OPENINGS):
        alice.section("People").click()
        expect(alice.log).to_have_count(0)
        alice.section("Chats").click()
        expect(alice.log).to_have_count(0)
        times.append(alice.chat_row("Bob").evaluate(_CLICK_TO_PAINT))
    print(
        f"opening a chat of {messages} held: p50 {percentile(times, 0.5):.0f} ms"
        f"  worst {max(times):.0f} ms to the first paint",
        flush=True,
    )


def _print_frames(alice: Person, bob: Account, chat: str, rate: int) -> None:
    """Alice types while bob sends ``rate`` messages a second."""
    stop = threading.Event()
    flood = threading.Thread(target=lambda: asyncio.run(_flood(bob, chat, rate, stop)))
    flood.start()
    alice.message_box.fill("")
    alice.page.evaluate(_WATCH_FRAMES)
    alice.message_box.focus()
    until = time.monotonic() + FLOOD_SECONDS
    while time.monotonic() < until:
        alice.page.keyboard.type("never drops a frame ", delay=50)
    frames, keys = alice.page.evaluate(_FRAMES)
    stop.set()
    flood.join()
    dropped = sum(round(frame / FRAME_MS) - 1 for frame in frames if frame > _DROPPED_MS)
    print(
        f"typing at {rate:>2} messages/s: {len(frames)} frames, {dropped} dropped, longest"
        f" {max(frames):.0f} ms; key to paint p95 {percentile(keys, 0.95):.0f} ms",
        flush=True,
    )


async def _flood(bob: Account, chat: str, rate: int, stop: threading.Event) -> None:
    if not rate:
        return
    socket = await sign_in(bob.server.socket_url, bob.access)

    async def read() -> None:
        async for _ in socket:
            pass

    reader = asyncio.create_task(read())
    begun, sent = time.perf_counter(), 0
    while not stop.is_set():
        await socket.send(send_frame(chat))
        sent += 1
        await asyncio.sleep(max(0, begun + sent / rate - time.perf_counter()))
    reader.cancel()
    await socket.close()
