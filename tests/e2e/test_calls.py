"""Two real WebRTC peers find each other through the signalling, and hear and see each other."""

from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.account import Account
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


def test_two_browsers_exchange_pictures_and_sound(browser: Browser, server: Server) -> None:
    with ExitStack() as until:
        alice, bob = (Account(server, f"{name}.calls@example.com", until) for name in ("a", "b"))
        bob.post(f"connections/requests/{alice.scan(bob)}/accept/", {})
        chat = alice.post("chats/", {"kind": "direct", "user": bob.id})["id"]
        talk(browser, alice, bob, alice.post("calls/", {"chat": chat, "media": "video"})["id"])


def talk(browser: Browser, alice: Account, bob: Account, call: str) -> None:
    """Until each has seen and heard the other."""
    server = alice.server
    pages = [page_of(browser, server) for _ in range(2)]
    for page, account, offers in zip(pages, (alice, bob), (True, False), strict=True):
        token = account.bearer["Authorization"].removeprefix("Bearer ")
        given = {"token": token, "call": call, "offers": offers}
        start = """given => new Promise((listens, fails) => {
            window.heard = (PEER)(given, listens);
            window.heard.catch(fails);
        })"""
        page.evaluate(start.replace("PEER", PEER), given)
    for page in pages:
        heard: dict[str, Any] = page.evaluate("() => window.heard")
        assert heard["state"] == "connected" and heard["video"] > 3 and heard["audio"] > 20
        page.context.close()
    ended = alice.http.get(f"calls/{call}/").json()
    assert (ended["state"], ended["reason"]) == ("ended", "completed")
    assert {one["state"] for one in ended["participants"]} == {"left"}


def page_of(browser: Browser, server: Server) -> Page:
    """A page of the server's origin, with a camera and a microphone that are not real."""
    context = browser.new_context(permissions=["camera", "microphone"])
    page = context.new_page()
    page.goto(server.url)
    return page
