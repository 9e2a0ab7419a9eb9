import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { App } from "@/App";
import type { Medium, Message } from "@/api/types";
import { SharedPanel } from "@/features/shared/SharedPanel";
import type { Messenger } from "@/messenger/messenger";
import { bob, contact, directChat, everyone, message } from "@/test/people";
import { renderWith, startAlice } from "@/test/render";
import { FakeSocket } from "@/test/socket";

let messenger: Messenger;
/** What is in view of what is waited for at the ends of lists. */
let reach: (() => void)[] = [];
/** What the server has of each list, the newest first. */
let lists: Record<string, Message[]> = {};
let isDown = false;
let asked: URLSearchParams[] = [];

beforeEach(() => {
  reach = [];
  lists = { media: [], files: [], links: [] };
  isDown = false;
  asked = [];
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      constructor(private readonly tell: (entries: { isIntersecting: boolean }[]) => void) {}
      observe(): void {
        reach.push(() => this.tell([{ isIntersecting: true }]));
      }
      disconnect(): void {}
    },
  );
});

afterEach(async () => {
  await messenger.logOut();
  location.hash = "";
  vi.unstubAllGlobals();
});

function medium(id: string, more: Partial<Medium> = {}): Medium {
  const url = `/media/${id}/lake.jpg`;
  return { id, kind: "image", mime: "image/jpeg", name: "lake.jpg", size: 90_000, width: 1600, height: 1200, duration: null, blurhash: null, waveform: null, url, thumbnail_url: `/media/${id}/thumbnail/${id}.webp`, state: "ready", ...more };
}

const at = (day: string): string => `${day}T09:00:00.000Z`;

function picture(seq: number, more: Partial<Message> = {}): Message {
  return message(seq, bob, "", { kind: "image", attachments: [medium(String(seq))], ...more });
}

/** Alice's client, which holds the end of her chat with Bob; the server has what came before. */
async function start(held: Message[] = []): Promise<void> {
  const last = held.at(-1) ?? message(60, bob, "Hello");
  messenger = await startAlice({ chats: [directChat({ head: 60, last_message: last })], contacts: [contact(bob)] });
  const before = fetch;
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    const { pathname, searchParams } = new URL(url, "http://localhost");
    if (pathname === "/api/v1/chats/10/messages/") {
      const isFirst = !searchParams.has("before");
      const results = isFirst ? held : [...(lists["media"] ?? [])].reverse();
      return Promise.resolve(new Response(JSON.stringify({ results, has_more_before: isFirst, has_more_after: false, users: everyone })));
    }
    if (pathname !== "/api/v1/chats/10/shared/") return before(url, init);
    asked.push(searchParams);
    if (isDown) return Promise.resolve(new Response(JSON.stringify({ error: { code: "unavailable", message: "No." } }), { status: 503 }));
    const all = lists[searchParams.get("kind") ?? ""] ?? [];
    const from = Number(searchParams.get("cursor") ?? 0);
    const to = from + Math.min(3, Number(searchParams.get("limit")));
    return Promise.resolve(new Response(JSON.stringify({ results: all.slice(from, to), next: to < all.length ? String(to) : null, users: everyone })));
  });
}

async function show(): Promise<void> {
  renderWith(messenger, <SharedPanel chat="10" />);
  await waitFor(() => expect(asked.length).toBeGreaterThan(0));
}

const tiles = (): HTMLElement[] => screen.queryAllByRole("button", { name: /^(Open photo|Play video)/ });
const shownIn = (tile: HTMLElement): string | undefined => tile.querySelector("img")?.getAttribute("src")?.split("/")[2];

describe("what was shared in a chat", () => {
  it("is a step away from the chat's info, and from its message", async () => {
    lists["media"] = [picture(9, { created_at: at("2025-12-20") }), picture(8, { created_at: at("2025-11-02") })];
    await start([message(60, bob, "Hello")]);
    location.hash = "#/chats/10/info";
    renderWith(messenger, <App messenger={messenger} />);
    const way = await screen.findByRole("link", { name: "Media, links and files" });
    await waitFor(() => expect(way.querySelectorAll("img")).toHaveLength(2));
    expect(way).toHaveAttribute("href", "#/chats/10/shared");
    act(() => {
      location.hash = "#/chats/10/shared";
      dispatchEvent(new HashChangeEvent("hashchange"));
    });

    const month = await screen.findByRole("region", { name: "December 2025" });
    expect(await screen.findByRole("region", { name: "November 2025" })).toBeInTheDocument();
    await userEvent.click(within(month).getByRole("button", { name: /^Open photo/ }));
    const viewer = await screen.findByRole("dialog", { name: "Photos and videos of Bob" });
    expect(within(viewer).getByRole("img", { name: "Photo" })).toHaveAttribute("src", "/media/9/lake.jpg");
    await userEvent.click(within(viewer).getByRole("button", { name: "Previous" }));
    expect(within(viewer).getByRole("img", { name: "Photo" })).toHaveAttribute("src", "/media/8/lake.jpg");
    await userEvent.click(within(viewer).getByRole("button", { name: "Show in chat" }));
    expect(location.hash).toBe("#/chats/10");
    await waitFor(() => expect(within(screen.getByRole("log")).getAllByRole("button", { name: "Open photo", hidden: true })).toHaveLength(2));
  });

  it("has three lists that the arrow keys go through", async () => {
    const song = medium("6", { kind: "audio", name: "song.m4a", size: 4_000_000 });
    lists["files"] = [message(7, bob, "", { kind: "file", attachments: [medium("7", { kind: "file", name: "notes.pdf", size: 1_400_000 })] }), message(6, bob, "", { kind: "audio", attachments: [song] })];
    const preview = { url: "https://example.com/lake", title: "The lake", description: "", site: "Example" };
    lists["links"] = [message(5, bob, "See https://example.com/lake and www.example.org.", { preview })];
    await start();
    await show();
    expect(await screen.findByText("No photos or videos yet")).toBeVisible();
    const [media, files, links] = screen.getAllByRole("tab");
    expect(media).toHaveAttribute("aria-selected", "true");
    media?.focus();
    await userEvent.keyboard("{ArrowRight}");
    expect(files).toHaveFocus();
    expect(await screen.findByRole("link", { name: "Download notes.pdf" })).toHaveTextContent("PDFnotes.pdf1.4 MB·Bob·");
    expect(screen.getByRole("link", { name: "Download song.m4a" })).toHaveAttribute("href", "/media/6/lake.jpg");
    await userEvent.keyboard("{ArrowRight}");
    expect(links).toHaveFocus();
    const found = await screen.findAllByRole("link");
    expect(found.map((link) => link.getAttribute("href"))).toEqual(["https://example.com/lake", "https://www.example.org"]);
    expect(found[0]).toHaveTextContent("The lakeexample.com/lakeSee https://example.com/lake and");
    expect(found[1]).not.toHaveTextContent("The lakeexample");
    await userEvent.keyboard("{Home}");
    expect(media).toHaveFocus();
    expect(screen.getByRole("tabpanel", { name: "Media" })).toBeInTheDocument();
  });

  it("is read on where its end comes into view, and again where that fails", async () => {
    lists["media"] = [9, 8, 7, 6, 5].map((seq) => picture(seq));
    await start();
    await show();
    await waitFor(() => expect(tiles()).toHaveLength(3));
    isDown = true;
    act(() => reach.at(-1)?.());
    expect(await screen.findByRole("alert")).toHaveTextContent("Try again");
    expect(tiles()).toHaveLength(3);
    isDown = false;
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(tiles().map(shownIn)).toEqual(["9", "8", "7", "6", "5"]));
    expect(asked.map((query) => query.get("cursor"))).toEqual([null, "3", "3"]);
  });

  it("is asked for once by the viewer where it cannot be read", async () => {
    lists["media"] = [9, 8, 7, 6, 5].map((seq) => picture(seq));
    await start();
    await show();
    await waitFor(() => expect(tiles()).toHaveLength(3));
    isDown = true;
    await userEvent.click(tiles()[2] as HTMLElement);
    const viewer = await screen.findByRole("dialog", { name: "Photos and videos of Bob" });
    expect(await screen.findByRole("alert", { hidden: true })).toHaveTextContent("Try again");
    await userEvent.click(within(viewer).getByRole("button", { name: "Next" }));
    await userEvent.click(within(viewer).getByRole("button", { name: "Close" }));
    expect(asked.map((query) => query.get("cursor"))).toEqual([null, "3"]);
  });

  it("follows what happens in the chat meanwhile", async () => {
    lists["media"] = [picture(9)];
    await start();
    await show();
    await waitFor(() => expect(tiles().map(shownIn)).toEqual(["9"]));

    const still = picture(61, { attachments: [medium("61", { state: "processing", url: null, thumbnail_url: null })] });
    act(() => FakeSocket.last.push("chat:receive", { message: still }));
    expect(tiles().map(shownIn)).toEqual(["9"]);
    act(() => FakeSocket.last.push("message:updated", { chat: "10", seq: 62, by: null, change: "media", message: picture(61) }));
    await waitFor(() => expect(tiles().map(shownIn)).toEqual(["61", "9"]));
    const gone = message(9, bob, "", { kind: "image", text: null, deleted_at: at("2026-01-06") });
    act(() => FakeSocket.last.push("message:updated", { chat: "10", seq: 63, by: bob.id, change: "deleted", message: gone }));
    await waitFor(() => expect(tiles().map(shownIn)).toEqual(["61"]));
  });

  it("says that it cannot be read, rather than that there is nothing", async () => {
    isDown = true;
    await start();
    await show();
    expect(await screen.findByRole("alert")).toBeVisible();
    expect(screen.queryByText("No photos or videos yet")).toBeNull();
    isDown = false;
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("No photos or videos yet")).toBeVisible();
  });
});
