"""A camera reads a QR code, with the decoder that the server itself serves."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
import qrcode
from playwright.sync_api import Browser, expect

from tests.e2e.account import Account
from tests.e2e.person import Person
from tests.server import Server

pytestmark = pytest.mark.e2e

WIDTH, HEIGHT = 640, 480


def _film(link: str, to: Path) -> None:
    """A film of a QR code on a grey table, as Y4M: what Chromium takes for a camera."""
    code = qrcode.QRCode(border=4)
    code.add_data(link)
    modules = code.get_matrix()
    scale = 360 // len(modules)
    side = scale * len(modules)
    left, top = (WIDTH - side) // 2, (HEIGHT - side) // 2
    picture = bytearray(b"\x80" * (WIDTH * HEIGHT))
    for y in range(side):
        row = modules[y // scale]
        start = (top + y) * WIDTH + left
        picture[start : start + side] = bytes(
            0x18 if row[x // scale] else 0xE8 for x in range(side)
        )
    frame = b"FRAME\n" + bytes(picture) + b"\x80" * (WIDTH * HEIGHT // 2)
    to.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420\n".encode() + frame * 10)


def test_alice_scans_bob_with_the_camera(
    server: Server, launch: Callable[..., Browser], tmp_path: Path
) -> None:
    film = tmp_path / "qr.y4m"
    with ExitStack() as until:
        bob = Account(server, "bob.camera@example.com", until)
        bob.introduce("Bob", "", "bob.camera")
        _film(bob.post("connections/qr/", {})["url"], film)
        browser = until.enter_context(launch(f"--use-file-for-fake-video-capture={film}"))
        alice = Person(browser, server, "Alice", "alice.camera@example.com")
        alice.open()
        alice.log_in()
        alice.page.get_by_role("button", name="Scan a code").first.click()
        alice.page.get_by_role("button", name="Turn on the camera").click()
        expect(alice.page.get_by_text("Request sent")).to_be_visible()
        assert alice.faults == []
