import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Medium, Message } from "@/api/types";
import { ChatList } from "@/features/chats/ChatList";
import { Composer } from "@/features/composer/Composer";
import { ConversationView } from "@/features/conversation/ConversationView";
import type { Messenger } from "@/messenger/messenger";
import { alice, bob, contact, directChat, message } from "@/test/people";
import { renderWith, startAlice } from "@/test/render";
import { FakeSocket } from "@/test/socket";
import { FakeUploads } from "@/test/uploads";

let messenger: Messenger;

beforeEach(() => {
  // jsdom has neither addresses for bytes nor pictures.
  Object.assign(URL, { createObjectURL: () => "blob:here", revokeObjectURL: () => undefined });
  Object.assign(HTMLImageElement.prototype, { decode: () => Promise.resolve() });
});

afterEach(async () => {
  await messenger.logOut();
  vi.unstubAllGlobals();
});

function medium(id: string, more: Partial<Medium> = {}): Medium {
  const url = `/media/${id}/lake.jpg`;
  return { id, kind: "image", mime: "image/jpeg", name: "lake.jpg", size: 90_000, width: 1600, height: 1200, duration: null, blurhash: null, waveform: null, url, thumbnail_url: `/media/${id}/thumbnail/${id}.webp`, state: "ready", ...more };
}

function withFiles(seq: number, kind: string, attachments: Medium[], more: Partial<Message> = {}): Message {
  return message(seq, bob, "", { kind, attachments, ...more });
}

async function show(history: Message[]): Promise<void> {
  const last = history.at(-1) ?? null;
  messenger = await startAlice({ chats: [directChat({ head: history.length, last_message: last })], contacts: [contact(bob)], history });
  renderWith(messenger, <ConversationView id="10" composer={<Composer chat="10" />} />);
  await screen.findByRole("log");
}

describe("files of messages", () => {
  it("keeps room for a picture that is still processed, and opens it when it is there", async () => {
    const still = medium("7", { state: "processing", url: null, thumbnail_url: null });
    await show([withFiles(1, "image", [still], { text: "Look" })]);
    expect(await screen.findByRole("progressbar", { name: "Processing…" })).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Open photo" })).toBeNull();

    FakeSocket.last.push("message:updated", { chat: "10", seq: 2, by: null, change: "media", message: withFiles(1, "image", [medium("7")], { text: "Look" }) });
    await userEvent.click(await screen.findByRole("button", { name: "Open photo" }));
    const viewer = await screen.findByRole("dialog", { name: "Photos and videos of Bob" });
    expect(within(viewer).getByRole("img", { name: "Photo" })).toHaveAttribute("src", "/media/7/lake.jpg");
    expect(within(viewer).getByText("Look")).toBeVisible();
    expect(within(viewer).getByRole("link", { name: "Download" })).toHaveAttribute("download", "lake.jpg");
  });

  it("goes through all pictures of the chat with the arrow keys", async () => {
    await show([withFiles(1, "image", [medium("7"), medium("8")]), withFiles(2, "file", [medium("9")]), withFiles(3, "image", [medium("10")])]);
    await userEvent.click((await screen.findAllByRole("button", { name: "Open photo" }))[0] as HTMLElement);
    const viewer = await screen.findByRole("dialog", { name: "Photos and videos of Bob" });
    const src = (): string | null => within(viewer).getByRole("img", { name: "Photo" }).getAttribute("src");
    const seen = [src()];
    for (const key of ["ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"]) {
      fireEvent.keyDown(viewer, { key });
      seen.push(src());
    }
    expect(seen.map((one) => one?.split("/")[2])).toEqual(["7", "8", "10", "10", "8"]);
  });

  it("shows four of an album and says how many there are", async () => {
    await show([withFiles(1, "image", ["1", "2", "3", "4", "5", "6"].map((id) => medium(id)))]);
    expect(await screen.findAllByRole("button", { name: /Open photo/ })).toHaveLength(4);
    expect(screen.getByRole("button", { name: "Open photo. Show 2 more" })).toBeVisible();
  });

  it("plays a voice note, faster too, and lets one seek", async () => {
    vi.spyOn(HTMLMediaElement.prototype, "play").mockImplementation(function (this: HTMLMediaElement) {
      this.dispatchEvent(new Event("play"));
      return Promise.resolve();
    });
    vi.spyOn(HTMLMediaElement.prototype, "pause").mockImplementation(function (this: HTMLMediaElement) {
      this.dispatchEvent(new Event("pause"));
    });
    await show([withFiles(1, "voice", [medium("7", { kind: "voice", duration: 12, waveform: [10, 90, 30] })])]);
    const voice = await screen.findByRole("group", { name: "Voice message" });
    expect(within(voice).getByText("0:12")).toBeVisible();
    await userEvent.click(within(voice).getByRole("button", { name: "Play" }));
    await userEvent.click(within(voice).getByRole("button", { name: "Playback speed: 1×" }));
    expect(within(voice).getByRole("button", { name: "Playback speed: 1.5×" })).toBeVisible();
    fireEvent.change(within(voice).getByRole("slider", { name: "Position" }), { target: { value: "50" } });
    expect(within(voice).getByRole("slider")).toHaveAttribute("aria-valuetext", "0:06 of 0:12");
    await userEvent.click(within(voice).getByRole("button", { name: "Pause" }));
    expect(within(voice).getByRole("button", { name: "Play" })).toBeVisible();
  });

  it("offers a file to be saved, and says what is gone or cannot be read", async () => {
    await show([
      withFiles(1, "file", [medium("7", { kind: "file", name: "notes.pdf", size: 1_400_000 })]),
      withFiles(2, "image", []),
      withFiles(3, "video", [medium("8", { kind: "video", state: "rejected", reason: "too_long", url: null })]),
    ]);
    expect(await screen.findByRole("link", { name: "Download notes.pdf" })).toHaveTextContent("PDF, 1.4 MB");
    expect(screen.getByText("This file isn’t available any more")).toBeVisible();
    expect(screen.getByText("This recording is too long")).toBeVisible();
  });

  it("says in the list what was sent", async () => {
    const chats = [
      directChat({ head: 1, last_message: withFiles(1, "voice", [medium("7", { kind: "voice", duration: 12 })]) }),
      directChat({ id: "11", name: "Carol", peer: "3", head: 1, last_message: message(1, alice, "", { chat: "11", kind: "image", attachments: [medium("1"), medium("2")] }) }),
    ];
    messenger = await startAlice({ chats, contacts: [contact(bob)] });
    renderWith(messenger, <ChatList openChat={null} onShowQr={vi.fn()} onScan={vi.fn()} onNewGroup={vi.fn()} inbox={null} found={() => null} />);
    expect(await screen.findByRole("link", { name: /Bob/ })).toHaveTextContent("Voice message 0:12");
    expect(screen.getByRole("link", { name: /Carol/ })).toHaveTextContent("2 photos");
  });
});

describe("files to send", () => {
  const limits = { attachments: 3, media_bytes: 1_000_000, avatar_bytes: 1_000_000 };

  async function paste(...files: File[]): Promise<HTMLElement> {
    await show([message(1, bob, "Send them")]);
    const before = fetch;
    vi.stubGlobal("fetch", (url: string, init: RequestInit) =>
      url.endsWith("/server/") ? Promise.resolve(new Response(JSON.stringify({ name: "s", version: "1", limits }))) : before(url, init),
    );
    fireEvent.paste(screen.getByRole("textbox", { name: "Message" }), { clipboardData: { files, getData: () => "" } });
    return screen.findByRole("dialog", { name: "Send files" });
  }
  const file = (name: string, size = 3): File => new File(["x".repeat(size)], name, { type: "image/jpeg" });

  it("are looked at, left out and given words before they go", async () => {
    const sheet = await paste(file("a.jpg"), file("b.jpg"));
    await userEvent.click(await within(sheet).findByRole("button", { name: "Remove a.jpg" }));
    await userEvent.type(within(sheet).getByRole("textbox", { name: "Add a caption" }), "The second");
    await userEvent.click(within(sheet).getByRole("button", { name: "Send" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(messenger.store.getState().outbox).toMatchObject([{ kind: "image", text: "The second", files: [{ name: "b.jpg" }] }]);
    expect(await screen.findByText("The second")).toBeVisible();
    await userEvent.click(await screen.findByRole("button", { name: "Cancel sending" }));
    expect(screen.queryByText("The second")).toBeNull();
  });

  it("go as files, nothing of them lost, where one says so", async () => {
    const song = new File(["x"], "song.mp3", { type: "audio/mpeg" });
    const sheet = await paste(file("a.jpg"), song, new File(["x"], "notes.pdf", { type: "application/pdf" }));
    const whole = await within(sheet).findByRole("switch", { name: "Send as a file" });
    expect(whole).not.toBeChecked();
    await userEvent.click(whole);
    await userEvent.click(within(sheet).getByRole("button", { name: "Send" }));
    await waitFor(() =>
      expect(messenger.store.getState().outbox).toMatchObject([
        // Sound is still listened to.
        { kind: "audio", files: [{ name: "song.mp3", isUntouched: false }] },
        { kind: "file", files: [{ name: "a.jpg", isUntouched: true }, { name: "notes.pdf", isUntouched: true }] },
      ]),
    );
    // It looks like one, too.
    expect(await screen.findByText("a.jpg")).toBeVisible();
  });

  it("are not asked about where there is nothing to look at", async () => {
    const sheet = await paste(new File(["x"], "notes.pdf", { type: "application/pdf" }));
    await within(sheet).findByRole("button", { name: "Remove notes.pdf" });
    expect(within(sheet).queryByRole("switch")).toBeNull();
  });

  it("are brought at once where they wait for their time, and wait once however often it is tried", async () => {
    const sheet = await paste(file("a.jpg"), file("b.jpg"));
    const uploads = new FakeUploads();
    const asked: Record<string, unknown>[] = [];
    const waiting: unknown[] = [];
    const moved: unknown[] = [];
    const before = fetch;
    vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
      const answer = (body: unknown, status = 200): Promise<Response> => Promise.resolve(new Response(JSON.stringify(body), { status }));
      const brought = /\/media\/(\d+)\/$/.exec(url)?.[1];
      if (brought) return answer(uploads.mediumOf(brought));
      if (init.method === "PATCH" && url.endsWith("/chats/10/scheduled/5/")) {
        moved.push(JSON.parse(init.body as string));
        return answer(waiting[0]);
      }
      if (url.includes("/chats/10/scheduled/")) return answer({ results: waiting, next: null, users: {} });
      if (init.method !== "POST" || !url.endsWith("/chats/10/messages/")) return before(url, init);
      const later = JSON.parse(init.body as string) as Record<string, unknown>;
      asked.push(later);
      if (waiting.length > 0) return answer(waiting[0], 201);
      const row = { ...later, id: "5", chat: "10", kind: "image", content: null, reply_to: null, refused: null, attachments: [medium("100"), medium("101")] };
      waiting.push(row);
      // It is kept, but the answer gets lost.
      return answer({ error: { code: "unavailable", message: "Not now" } }, 503);
    });
    await userEvent.type(within(sheet).getByRole("textbox", { name: "Add a caption" }), "Good morning");
    await userEvent.click(within(sheet).getByRole("button", { name: "Send later" }));
    const dialog = await screen.findByRole("dialog", { name: "Send this message later" });
    fireEvent.change(within(dialog).getByLabelText("When"), { target: { value: "2199-05-01T09:00" } });
    await userEvent.click(within(dialog).getByRole("button", { name: "Schedule" }));
    await waitFor(() => expect(within(dialog).getByLabelText("When")).toBeInvalid(), { timeout: 10_000 });
    fireEvent.change(within(dialog).getByLabelText("When"), { target: { value: "2199-05-01T18:00" } });
    await userEvent.click(within(dialog).getByRole("button", { name: "Schedule" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());

    expect(asked).toHaveLength(2);
    expect(asked[0]).toMatchObject({ text: "Good morning", attachments: ["100", "101"], send_at: new Date("2199-05-01T09:00").toISOString() });
    const later = { send_at: new Date("2199-05-01T18:00").toISOString() };
    expect(asked[1]).toEqual({ ...asked[0], ...later });
    expect(moved).toEqual([later]);
    expect(uploads.asked.filter(({ method }) => method === "POST")).toHaveLength(2);
    expect(messenger.store.getState().outbox).toEqual([]);
    await userEvent.click(await screen.findByRole("button", { name: "1 message is scheduled" }));
    const list = await screen.findByRole("dialog", { name: "Scheduled messages" });
    expect(list).toHaveTextContent("2 photosGood morning");
  });

  it("are refused with a word where they are too large, too many or empty", async () => {
    const sheet = await paste(file("huge.jpg", 1_000_001), file("nothing.jpg", 0), file("1.jpg"), file("2.jpg"), file("3.jpg"), file("4.jpg"));
    const alert = await within(sheet).findByRole("alert");
    expect(alert).toHaveTextContent("“huge.jpg” is larger than 1 MB and can’t be sent.");
    expect(alert).toHaveTextContent("“nothing.jpg” is empty");
    expect(alert).toHaveTextContent("Only 3 files fit into one message.");
    expect(await within(sheet).findAllByRole("button", { name: /^Remove/ })).toHaveLength(3);
  });
});
