"""Real WebRTC peers find each other through the signalling, and hear and see each other."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from playwright.sync_api import Browser, Page

from tests.client import new_client_id
from tests.e2e.account import Account
from tests.e2e.native_peer import NativePeer
from tests.server import Server

pytestmark = pytest.mark.e2e

#: A caller or an answerer, written from the protocol alone. It ends with what has arrived.
PEER = """
async ({ token, call, offers }, listening) => {
  const socket = new WebSocket(location.origin.replace("http", "ws") + "/ws/", "chat.v1");
  const isOpen = new Promise((done, failed) => ([socket.onopen, socket.onerror] = [done, failed]));
  const peer = new RTCPeerConnection({ iceServers: [] });
  const waiting = new Map();
  let ref = 0;
  const ask = (event, data) =>
    new Promise((done, failed) => {
      waiting.set(++ref, { done, failed });
      socket.send(JSON.stringify({ event, ref, data }));
    });
  const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  for (const track of media.getTracks()) peer.addTrack(track, media);
  let device = null;
  let early = [];
  peer.onicecandidate = ({ candidate }) => {
    if (!candidate) return;
    const data = { call, candidate: candidate.toJSON() };
    if (device) ask("call:ice", { ...data, to: device });
    else early.push(data);
  };
  const found = (from) => {
    device = from.device;
    for (const data of early) ask("call:ice", { ...data, to: device });
    early = [];
  };
  const candidates = [];
  const add = async (candidate) => {
    if (peer.remoteDescription) await peer.addIceCandidate(candidate);
    else candidates.push(candidate);
  };
  const describe = async (sdp) => {
    await peer.setRemoteDescription(sdp);
    for (const candidate of candidates.splice(0)) await peer.addIceCandidate(candidate);
  };
  await isOpen;
  socket.onmessage = async ({ data: text }) => {
    const { event, ref, data } = JSON.parse(text);
    if (ref !== undefined) {
      const { done, failed } = waiting.get(ref);
      return event === "error" ? failed(new Error(data.code)) : done(data);
    }
    if (event === "call:offer") {
      await describe(data.sdp);
      await peer.setLocalDescription();
      await ask("call:answer", { call, to: data.from.device, sdp: peer.localDescription.toJSON() });
      found(data.from);
    } else if (event === "call:answer") {
      await describe(data.sdp);
      found(data.from);
    } else if (event === "call:ice") await add(data.candidate);
    else if (event === "call:ringing") window.hasRung = true;
  };
  await ask("auth", { token });
  listening();
  if (offers) {
    while (!window.hasRung) await new Promise((done) => setTimeout(done, 20));
    await peer.setLocalDescription();
    await ask("call:offer", { call, sdp: peer.localDescription.toJSON() });
  } else await ask("call:ringing", { call });
  for (;;) {
    const arrived = {};
    for (const report of (await peer.getStats()).values())
      if (report.type === "inbound-rtp")
        arrived[report.kind] = report.framesDecoded ?? report.packetsReceived;
    if (arrived.video > 3 && arrived.audio > 20) {
      if (offers) await ask("call:end", { call });
      return { ...arrived, state: peer.connectionState };
    }
    await new Promise((done) => setTimeout(done, 50));
  }
}
"""


@pytest.fixture
def pair(server: Server) -> Iterator[tuple[Account, Account]]:
    """Alice and bob, who are connected."""
    with ExitStack() as until:
        alice, bob = (Account(server, f"{new_client_id()}@example.com", until) for _ in range(2))
        alice.connect(bob)
        yield alice, bob


def call_from(caller: Account, called: Account) -> str:
    """A new call between the two; its id."""
    chat = caller.post("chats/", {"kind": "direct", "user": called.id}, 200, 201)["id"]
    return str(caller.post("calls/", {"chat": chat, "media": "video"})["id"])


def test_two_browsers_exchange_pictures_and_sound(
    browser: Browser, pair: tuple[Account, Account]
) -> None:
    call = call_from(*pair)
    pages = [page_of(browser, account) for account in pair]
    for page, account, offers in zip(pages, pair, (True, False), strict=True):
        start(page, account, call, offers)
    heard = [hears(page) for page in pages]
    assert all(one["state"] == "connected" for one in heard)
    for page in pages:
        page.context.close()
    ended = pair[0].http.get(f"calls/{call}/").json()
    assert (ended["state"], ended["reason"]) == ("ended", "completed")
    assert {one["state"] for one in ended["participants"]} == {"left"}


@pytest.mark.parametrize("native_calls", [True, False])
def test_a_browser_and_a_native_client_do(
    browser: Browser, pair: tuple[Account, Account], native_calls: bool
) -> None:
    call = call_from(*pair)
    native, other = pair if native_calls else reversed(pair)
    page = page_of(browser, other)
    with start_blocking_portal() as portal:
        peer = portal.call(NativePeer.at_home, native.server, native.access, call)
        start(page, other, call, not native_calls)
        talking = portal.start_task_soon(partial(peer.talk, offers=native_calls))
        assert hears(page)["state"] == "connected"
        frames = talking.result(30)
        portal.call(peer.close)
    assert frames["video"] > 3 and frames["audio"] > 20
    page.context.close()


def page_of(browser: Browser, account: Account) -> Page:
    """A page of the server's origin, with a camera and a microphone that are not real."""
    page = browser.new_context(permissions=["camera", "microphone"]).new_page()
    page.goto(account.server.url)
    return page


def start(page: Page, account: Account, call: str, offers: bool) -> None:
    """Until it listens."""
    script = """given => new Promise((listens, fails) => {
        window.heard = (PEER)(given, listens);
        window.heard.catch(fails);
    })"""
    given = {"token": account.access, "call": call, "offers": offers}
    page.evaluate(script.replace("PEER", PEER), given)


def hears(page: Page) -> dict[str, Any]:
    """What has arrived there, once there is something to see and to hear."""
    heard: dict[str, Any] = page.evaluate("""() => Promise.race([
        window.heard,
        new Promise((_, fail) => setTimeout(() => fail(new Error("not heard in 30 s")), 30_000)),
    ])""")
    assert heard["video"] > 3 and heard["audio"] > 20
    return heard
