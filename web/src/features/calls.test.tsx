import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";

import { App } from "@/App";
import type { Call } from "@/api/calls";
import { testConnection, verdictOf, type Report } from "@/calls/selftest";
import type { Messenger } from "@/messenger/messenger";
import { putCall } from "@/store/calls";
import { emptyState } from "@/store/state";
import { alice, bob, contact, directChat, everyone, timeAt } from "@/test/people";
import { aliceRoutes, renderWith, startAlice, stubServer, type Routes } from "@/test/render";
import { FakeSocket } from "@/test/socket";

let messenger: Messenger | null = null;

afterEach(async () => {
  await messenger?.logOut();
  messenger = null;
  location.hash = "";
  vi.unstubAllGlobals();
});

function callOf(more: Partial<Call> = {}): Call {
  const part = { device: null, joined_at: null };
  return {
    id: "70",
    chat: "10",
    caller: bob.id,
    media: "video",
    state: "ringing",
    reason: null,
    participants: [
      { ...part, user: bob.id, state: "joined", device: "d2" },
      { ...part, user: alice.id, state: "invited" },
    ],
    created_at: timeAt(1),
    started_at: null,
    ended_at: null,
    ...more,
  };
}

async function open(at: string, routes: Routes = {}): Promise<void> {
  const held = { chats: [directChat()], contacts: [contact(bob)] };
  location.hash = `#${at}`;
  messenger = await startAlice(held);
  stubServer({ ...aliceRoutes(held), "GET calls/": { body: { results: [], next: null, users: everyone } }, ...routes });
  renderWith(messenger, <App messenger={messenger} />);
  await screen.findByRole("navigation", { name: "Sections" });
}

const ring = (): Promise<HTMLElement> => screen.findByRole("dialog", { name: "Incoming video call: Bob" });
const expectSilence = (): Promise<void> => waitFor(() => expect(screen.queryByRole("dialog", { name: /Incoming/ })).toBeNull());

describe("a call that comes", () => {
  it("rings until it is answered on another device", async () => {
    await open("/chats/10");
    FakeSocket.last.push("call:new", { call: callOf(), users: everyone });
    await ring();
    expect(FakeSocket.last.asked("call:ringing").data).toEqual({ call: "70" });
    const [caller] = callOf().participants;
    const answered = callOf({ state: "active", participants: [caller as Call["participants"][number], { user: alice.id, state: "joined", device: "d9", joined_at: timeAt(1) }] });
    FakeSocket.last.push("call:updated", { call: answered, answered_elsewhere: true });
    await expectSilence();
  });

  it("is declined for all devices, and rings no more when it is called off", async () => {
    await open("/");
    FakeSocket.last.push("call:new", { call: callOf(), users: everyone });
    await userEvent.click(within(await ring()).getByRole("button", { name: "Decline" }));
    expect(FakeSocket.last.asked("call:reject").data).toEqual({ call: "70" });
    await expectSilence();
    FakeSocket.last.push("call:new", { call: callOf({ id: "71" }), users: everyone });
    await ring();
    FakeSocket.last.push("call:updated", { call: callOf({ id: "71", state: "ended", reason: "cancelled" }) });
    await expectSilence();
  });

  it("is found again by whoever was away when it began", async () => {
    await open("/", { "GET calls/": { body: { results: [callOf()], next: null, users: everyone } } });
    FakeSocket.last.drop();
    messenger?.reconnectNow();
    await waitFor(() => expect(FakeSocket.last.readyState).toBe(0));
    FakeSocket.last.welcome();
    await ring();
  });
});

it("says what is in the way of a call of mine", async () => {
  vi.stubGlobal("MediaStream", class {});
  await open("/chats/10");
  await userEvent.click(await screen.findByRole("button", { name: "Start a voice call" }));
  // jsdom has no devices, as no browser has over plain HTTP.
  expect(await screen.findByRole("alert")).toHaveTextContent("Browsers allow calls only over HTTPS");
});

it("lists calls as they went for me", async () => {
  const ended = { state: "ended", ended_at: timeAt(4) } as const;
  const missed = callOf({ ...ended, id: "72", reason: "missed", participants: [{ user: alice.id, state: "missed", device: null, joined_at: null }] });
  const mine = callOf({ ...ended, id: "71", caller: alice.id, media: "audio", reason: "completed", started_at: timeAt(2) });
  await open("/calls", { "GET calls/": { body: { results: [missed, mine], next: null, users: everyone } } });
  const rows = await within(await screen.findByRole("list", { name: "Calls" })).findAllByRole("listitem");
  expect(rows.map((row) => row.textContent)).toEqual([expect.stringContaining("Missed"), expect.stringContaining("Outgoing · 2:00")]);
  await userEvent.click(screen.getByRole("button", { name: "Missed" }));
  expect(within(screen.getByRole("list", { name: "Calls" })).getAllByRole("listitem")).toHaveLength(1);
});

it("keeps a call ended, whatever comes late", () => {
  const over = putCall(emptyState, callOf({ state: "ended", reason: "missed" }));
  expect(putCall(over, callOf({ state: "active" })).calls["70"]?.state).toBe("ended");
  const active = putCall(emptyState, callOf({ state: "active" }));
  expect(putCall(active, callOf()).calls["70"]?.state).toBe("active");
});

/** Finds the ways it is told to, and refuses what it is told to; its channels open at once. */
function connectionWith(candidates: Partial<RTCIceCandidate>[], errors: { url: string; errorCode: number }[] = []) {
  return (): RTCPeerConnection => {
    const channel = { onopen: null as (() => void) | null };
    const made = {
      localDescription: null,
      onicecandidate: null as ((event: { candidate: unknown }) => void) | null,
      onicecandidateerror: null as ((event: unknown) => void) | null,
      createDataChannel: () => channel,
      setLocalDescription: () => {
        for (const error of errors) made.onicecandidateerror?.(error);
        for (const candidate of [...candidates, null]) made.onicecandidate?.({ candidate });
        channel.onopen?.();
        return Promise.resolve();
      },
      addIceCandidate: () => Promise.resolve(),
      close: () => undefined,
    };
    return made as unknown as RTCPeerConnection;
  };
}

describe("the test of the connection", () => {
  const host = { type: "host", protocol: "udp", address: "10.0.0.2", port: 4000 } as const;
  const relay = { ...host, type: "relay", address: "192.0.2.9" } as const;
  const servers = [{ urls: ["stun:s.example"] }, { urls: ["turn:t.example"], username: "u", credential: "c" }];

  async function run(ice_servers: unknown, newConnection: () => RTCPeerConnection): Promise<Report> {
    stubServer({ ...aliceRoutes({}), "GET calls/ice-servers/": { body: { ice_servers, expires_at: timeAt(9) } } });
    return testConnection({ newConnection, changed: () => undefined });
  }

  it("says which servers answer, and by which ways this device is reached", async () => {
    const report = await run(servers, connectionWith([host, host, { ...host, type: "srflx" }, relay, { ...host, port: 9 }]));
    expect(report.found).toMatchObject({ loopback: "ok", stun: "ok", turn: "ok", microphone: "insecure" });
    expect(report.ways.map((way) => way.kind)).toEqual(["host", "srflx", "relay"]);
    expect(verdictOf(report)).toBe("bad");
    expect(verdictOf({ ...report, found: { ...report.found, microphone: "ok" } })).toBe("fair");
    expect(verdictOf({ ...report, found: { ...report.found, microphone: "ok", camera: "ok" } })).toBe("ok");
  });

  it("tells servers that are not there from those that do not answer and those that refuse", async () => {
    expect((await run([], connectionWith([host]))).found).toMatchObject({ stun: "not_set_up", turn: "not_set_up" });
    const silent = [{ url: "stun:s.example", errorCode: 701 }];
    expect((await run(servers, connectionWith([host], silent))).found).toMatchObject({ stun: "unreachable", turn: "relay_unreachable" });
    const refused = [{ url: "turn:t.example", errorCode: 401 }];
    expect((await run(servers, connectionWith([host], refused))).found).toMatchObject({ stun: "ok", turn: "refused" });
  });
});
