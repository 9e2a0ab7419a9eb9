import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";

import { App } from "@/App";
import type { SharedStatus, Status } from "@/api/statuses";
import type { Messenger } from "@/messenger/messenger";
import { apply } from "@/store/apply";
import type { StoreEvent } from "@/store/events";
import { restore, type Database } from "@/store/persist";
import { emptyState, type State } from "@/store/state";
import { statusFeed } from "@/store/statuses";
import { alice, aliceProfile, bob, carol, contact, directChat, everyone, message } from "@/test/people";
import { aliceRoutes, renderWith, startAlice, stubServer, type Routes } from "@/test/render";
import { FakeSocket } from "@/test/socket";

let messenger: Messenger | null = null;
const hidden = true;

afterEach(async () => {
  vi.useRealTimers();
  await messenger?.logOut();
  messenger = null;
  location.hash = "";
  vi.unstubAllGlobals();
});

const HOUR = 3_600_000;

function shared(id: string, user: typeof bob, text: string, more: Partial<Status> = {}): SharedStatus {
  const created = Date.now() - HOUR + Number(id) * 1_000;
  return {
    id,
    user: user.id,
    kind: "text",
    text,
    media: null,
    background: "#1f6f66",
    created_at: new Date(created).toISOString(),
    expires_at: new Date(created + 24 * HOUR).toISOString(),
    ...more,
  };
}

function status(id: string, user: typeof bob, text: string, more: Partial<Status> = {}): Status {
  const isMine = user === alice;
  return { viewed: isMine, views_count: isMine ? 0 : null, ...shared(id, user, text, more), ...more };
}

const list = (results: unknown[]) => ({ body: { results, next: null, users: everyone } });

async function open(rows: Status[], { at = "/statuses", routes = {} }: { at?: string; routes?: Routes } = {}): Promise<{ asked: string[] }> {
  const held = { chats: [directChat()], contacts: [contact(bob), contact(carol)] };
  const all = { "GET statuses/settings/": { body: { enabled: true } }, "GET statuses/": list(rows), ...routes };
  location.hash = `#${at}`;
  messenger = await startAlice(held);
  const server = stubServer({ ...aliceRoutes(held), ...all });
  await messenger.statuses.read();
  renderWith(messenger, <App messenger={messenger} />);
  await screen.findByRole("region", { name: "Status" });
  return server;
}

const rowsOf = (name: string): string[] => within(screen.getByRole("list", { name })).getAllByRole("link").map((row) => row.textContent ?? "");

describe("the list of statuses", () => {
  it("has those with something new first, and moves them when they are looked at", async () => {
    await open([status("1", bob, "old", { viewed: true }), status("2", carol, "first"), status("3", carol, "second")]);
    await waitFor(() => expect(rowsOf("Recent updates")).toEqual([expect.stringMatching(/^C.*Carol.*2 new$/)]));
    expect(rowsOf("Viewed updates")).toEqual([expect.stringContaining("Bob")]);
    expect(screen.getByRole("img", { name: "1 person with something new" })).toBeInTheDocument();
    act(() => FakeSocket.last.push("status:new", { status: shared("4", bob, "news"), users: everyone }));
    expect(rowsOf("Recent updates")).toHaveLength(2);
    act(() => FakeSocket.last.push("status:deleted", { status: "4" }));
    expect(rowsOf("Recent updates")).toHaveLength(1);
  });

  it("is not there where the server has none, nor for whoever wants none", async () => {
    await open([], { routes: { "GET statuses/settings/": { status: 404, body: { error: { code: "not_found", message: "No." } } } } });
    expect(await screen.findByText("This server has no statuses.")).toBeInTheDocument();
    expect(within(screen.getByRole("navigation", { name: "Sections" })).queryByRole("link", { name: "Status" })).toBeNull();
  });

  it("is switched off and on in the settings", async () => {
    let enabled = true;
    const routes: Routes = {
      "PATCH statuses/settings/": (body) => ({ body: { enabled: (enabled = (body as { enabled: boolean }).enabled) } }),
      "GET statuses/settings/": () => ({ body: { enabled } }),
    };
    await open([status("1", bob, "hello")], { routes });
    location.hash = "#/settings/privacy";
    await userEvent.click(await screen.findByRole("switch", { name: "Statuses" }));
    await waitFor(() => expect(messenger?.store.getState().statuses).toMatchObject({ mode: "off", rows: {} }));
    await userEvent.click(screen.getByRole("switch", { name: "Statuses" }));
    await waitFor(() => expect(Object.keys(messenger?.store.getState().statuses.rows ?? {})).toEqual(["1"]));
  });
});

describe("looking at statuses", () => {
  const three = [status("1", carol, "one", { viewed: true }), status("2", carol, "two"), status("3", bob, "three")];

  it("begins with the first that is new, tells its owner, and goes on to the next person", async () => {
    await open(three);
    await userEvent.click(await screen.findByRole("link", { name: /Carol/ }));
    const stage = await screen.findByRole("dialog", { name: "Status of Carol" });
    expect(within(stage).getByText("two")).toBeInTheDocument();
    expect(FakeSocket.last.asked("status:view").data).toEqual({ status: "2" });
    await userEvent.keyboard("{ArrowLeft}");
    expect(within(stage).getByText("one")).toBeInTheDocument();
    await userEvent.click(within(stage).getByRole("button", { name: "Next" }));
    expect(within(stage).getByText("two")).toBeInTheDocument();
    await userEvent.click(within(stage).getByRole("button", { name: "Previous" }));
    await userEvent.keyboard("{ArrowRight}{ArrowRight}");
    // Bob, who was above Carol in the list, is not next: she was the last.
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(FakeSocket.last.count("status:view")).toBe(1);
  });

  it("goes on by itself, stands still while held or paused, and closes at the end", async () => {
    await open([status("3", bob, "three")]);
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance", "setTimeout", "clearTimeout"] });
    fireEvent.click(screen.getByRole("link", { name: /Bob/ }));
    location.hash = "#/statuses/2";
    await act(() => vi.advanceTimersByTimeAsync(100));
    const shown = (): HTMLElement | null => screen.queryByRole("dialog", { name: "Status of Bob" });
    expect(shown()).toBeInTheDocument();
    await act(() => vi.advanceTimersByTimeAsync(5_000));
    fireEvent.pointerDown(screen.getByRole("button", { name: "Next" }));
    await act(() => vi.advanceTimersByTimeAsync(5_000));
    expect(shown()).toBeInTheDocument();
    fireEvent.pointerUp(screen.getByRole("button", { name: "Next" }));
    fireEvent.keyDown(document.body, { key: " " });
    await act(() => vi.advanceTimersByTimeAsync(5_000));
    expect(shown()).toBeInTheDocument();
    fireEvent.keyDown(document.body, { key: " " });
    await act(() => vi.advanceTimersByTimeAsync(2_000));
    expect(shown()).toBeNull();
  });

  it("answers in the direct chat", async () => {
    const answers: unknown[] = [];
    await open(three, { at: "/statuses/3", routes: { "POST statuses/2/reply/": (body) => ({ status: 201, body: answers.push(body) && message(1, alice, "nice") }) } });
    const box = await screen.findByRole("textbox", { name: "Reply to Carol" });
    await userEvent.type(box, "nice{Enter}");
    expect(await screen.findByText("Sent to your chat with Carol")).toBeInTheDocument();
    expect(answers).toMatchObject([{ text: "nice" }]);
    expect(box).toHaveValue("");
  });

  it("shows who has looked at mine, as it happens, and takes mine down", async () => {
    await open([status("5", alice, "mine")], {
      at: "/statuses/1",
      routes: { "GET statuses/5/views/": list([{ user: bob.id, at: "2026-01-05T09:00:00.000Z" }]), "DELETE statuses/5/": { status: 204 } },
    });
    await screen.findByRole("button", { name: "0 views" });
    act(() => FakeSocket.last.push("status:view", { status: "5", user: bob.id, at: "2026-01-05T09:00:00.000Z" }));
    act(() => FakeSocket.last.push("status:view", { status: "5", user: bob.id, at: "2026-01-05T09:00:00.000Z" }));
    await userEvent.click(await screen.findByRole("button", { name: "1 view" }));
    expect(within(await screen.findByRole("list", { name: "Viewed by", hidden })).getByText("Bob")).toBeInTheDocument();
    await userEvent.click(within(screen.getByRole("dialog", { name: "Viewed by" })).getByRole("button", { name: "Close" }));
    await userEvent.click(screen.getByRole("button", { name: "Delete" }));
    await userEvent.click(within(await screen.findByRole("dialog", { name: "Delete this status?" })).getByRole("button", { name: "Delete" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(await screen.findByText("Share a moment with your contacts")).toBeInTheDocument();
  });
});

describe("making a status", () => {
  it("shows words on a colour to those who are chosen, once, however often it is tried", async () => {
    const posted: Record<string, unknown>[] = [];
    const routes: Routes = {
      "POST statuses/": (body) => {
        posted.push(body as Record<string, unknown>);
        return posted.length === 1 ? { status: 503, body: { error: { code: "unavailable", message: "Later." } } } : { status: 201, body: status("9", alice, "sunny") };
      },
    };
    await open([], { routes });
    await userEvent.click(screen.getByRole("button", { name: "Write a status" }));
    await userEvent.type(await screen.findByRole("textbox", { name: "Your status" }), "sunny");
    await userEvent.click(screen.getByRole("radio", { name: "Colour 4" }));
    await userEvent.click(screen.getByRole("button", { name: "Seen by: My contacts" }));
    await userEvent.click(screen.getByRole("radio", { name: /Only share with/ }));
    expect(screen.getByRole("button", { name: "Done" })).toBeDisabled();
    await userEvent.click(screen.getByRole("checkbox", { name: "Carol" }));
    await userEvent.click(screen.getByRole("button", { name: "Done" }));
    await userEvent.click(screen.getByRole("button", { name: "Share" }));
    expect(await screen.findByRole("alert")).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Share" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(posted[0]).toMatchObject({ kind: "text", text: "sunny", background: "#3259a8", audience: { only: [carol.id] } });
    expect(posted[1]).toEqual(posted[0]);
    expect(await screen.findByRole("link", { name: /My status/ })).toBeInTheDocument();
    // The choice is remembered.
    await userEvent.click(screen.getByRole("button", { name: "Write a status" }));
    expect(await screen.findByRole("button", { name: "Seen by: only 1" })).toBeInTheDocument();
  });
});

describe("what is held of statuses", () => {
  const me: StoreEvent = { event: "local:me", data: { me: aliceProfile } };
  const run = (...events: StoreEvent[]): State => events.reduce((state, event) => apply(state, event), emptyState);
  const read = (rows: Status[], asked: string[] = []): StoreEvent => ({ event: "local:statuses", data: { rows, asked, users: everyone } });
  const ids = (state: State): string[] => Object.keys(state.statuses.rows);

  it("keeps what came and lets go what went while the list was read", () => {
    const before = run(me, read([status("1", bob, "a"), status("2", bob, "b")]));
    const news: StoreEvent = { event: "status:new", data: { status: shared("3", bob, "c") } };
    const gone: StoreEvent = { event: "status:deleted", data: { status: "1" } };
    const after = [news, gone, read([status("1", bob, "a")], ids(before))].reduce((state, event) => apply(state, event), before);
    expect(ids(after)).toEqual(["3"]);
  });

  it("does not forget that I have looked when a picture gets ready or the list is older", () => {
    const seen = run(me, read([status("1", bob, "a")]), { event: "local:status-viewed", data: { id: "1" } });
    const again = apply(seen, { event: "status:new", data: { status: shared("1", bob, "a") } });
    expect(statusFeed(apply(again, read([status("1", bob, "a")], ["1"]))).recent).toEqual([]);
  });

  it("ends to the second, with the person, and with the connection", () => {
    const state = run(me, read([status("1", bob, "a"), status("2", carol, "b")]));
    const end = Date.parse(state.statuses.rows["1"]?.expires_at ?? "");
    expect(ids(apply(state, { event: "local:tick", data: {} }, end - 1))).toEqual(["1", "2"]);
    expect(ids(apply(state, { event: "local:tick", data: {} }, end))).toEqual(["2"]);
    expect(ids(apply(state, { event: "connection:removed", data: { user: bob.id } }))).toEqual(["2"]);
    expect(ids(apply(state, { event: "user:erased", data: { user: carol.id } }))).toEqual(["1"]);
  });

  it("is there without a network, and gone after log-out", async () => {
    await open([status("1", bob, "kept")]);
    const { database } = messenger as unknown as { database: Database };
    await vi.waitFor(async () => {
      expect((await restore(database)).statuses?.rows["1"]?.text).toBe("kept");
    });
    await messenger?.logOut();
    expect(await restore(database)).toEqual({});
  });
});
