import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";

import { App } from "@/App";
import type { Message } from "@/api/types";
import type { Messenger } from "@/messenger/messenger";
import { alice, bob, carol, contact, directChat, everyone, groupChat, message } from "@/test/people";
import { aliceRoutes, renderWith, startAlice, stubServer, type Routes } from "@/test/render";
import { FakeSocket } from "@/test/socket";

let messenger: Messenger;
// Without a layout the list of messages stays hidden: its roles are asked for as hidden ones.
const hidden = true;

afterEach(async () => {
  await messenger.logOut();
  location.hash = "";
  vi.unstubAllGlobals();
});

const inGroup = (seq: number, sender: typeof bob, text: string, more: Partial<Message> = {}): Message =>
  message(seq, sender, text, { id: `20-${seq}`, chat: "20", ...more });

const members = [alice, bob, carol].map((user, index) => ({ user: user.id, role: index === 0 ? "owner" : "member", joined_at: "2026-01-05T09:00:00.000Z" }));

/** The whole client with a group before alice; what is asked of the server is answered by `routes`. */
async function open(history: Message[], { at = "/chats/20", routes = {}, chat = {} }: { at?: string; routes?: Routes; chat?: object } = {}): Promise<{ asked: string[] }> {
  const head = history.at(-1)?.seq ?? 0;
  const group = groupChat({ head, last_message: history.at(-1) ?? null, ...chat });
  const held = { chats: [group, directChat()], contacts: [contact(bob), contact(carol)] };
  const page = { results: history, has_more_before: false, has_more_after: false, users: everyone };
  const list = (results: unknown[]) => ({ body: { results, next: null, users: everyone } });
  location.hash = `#${at}`;
  messenger = await startAlice(held);
  const server = stubServer({
    ...aliceRoutes(held),
    "GET chats/20/messages/": { body: page },
    "GET chats/20/participants/": list(members),
    "GET chats/20/pins/": list([]),
    "GET chats/20/scheduled/": list([]),
    "GET chats/20/invites/": list([]),
    "GET chats/20/join-requests/": list([]),
    ...routes,
  });
  renderWith(messenger, <App messenger={messenger} />);
  return server;
}

/** A message in the log, where the list of chats may show the same. */
async function bubbleOf(text: string): Promise<HTMLElement> {
  const said = await within(await screen.findByRole("log")).findByText(text);
  return said.closest<HTMLElement>("[data-row]") as HTMLElement;
}

async function menu(text: string, item: string): Promise<void> {
  await userEvent.click(await within(await bubbleOf(text)).findByRole("button", { name: "Message options", hidden }));
  await userEvent.click(await screen.findByRole("menuitem", { name: item, hidden }));
}

const box = (): Promise<HTMLElement> => screen.findByRole("textbox", { name: "Message" });

describe("a group", () => {
  it("shows who wrote, who is in it, and what happened to it as sentences", async () => {
    await open([
      inGroup(1, alice, "", { kind: "system", sender: null, text: null, content: { action: "created", by: alice.id, users: [], name: "Hikers" } }),
      inGroup(2, bob, "hello"),
      inGroup(3, alice, "", { kind: "system", sender: null, text: null, content: { action: "removed", by: bob.id, users: [carol.id, alice.id] } }),
      inGroup(4, alice, "", { kind: "system", sender: null, text: null, content: { action: "someday", by: bob.id } }),
    ]);
    expect(await screen.findByText("You created the group “Hikers”")).toBeInTheDocument();
    expect(screen.getByText("Bob removed Carol and you")).toBeInTheDocument();
    expect(screen.getAllByText("The chat was changed").length).toBeGreaterThan(0);
    expect(await screen.findByText("Bob, Carol, You")).toBeInTheDocument();
    FakeSocket.last.push("chat:typing", { chat: "20", user: bob.id, typing: true });
    expect(await screen.findAllByText("Bob is typing…")).toHaveLength(2);
  });

  it("answers a message, and calls people by name", async () => {
    await open([inGroup(1, bob, "who?")]);
    await screen.findByText("Bob, Carol, You");
    await menu("who?", "Reply");
    expect(screen.getByText("Replying to Bob")).toBeInTheDocument();
    await userEvent.type(await box(), "me and @car");
    expect(screen.getByRole("option", { name: /Carol/ })).toBeInTheDocument();
    await userEvent.keyboard("{Enter}");
    expect(await box()).toHaveValue("me and @carol ");
    await userEvent.type(await box(), "of course{Enter}");
    expect(FakeSocket.last.asked("chat:send").data).toMatchObject({ chat: "20", text: "me and @carol of course", reply_to: 1, mentions: [carol.id] });
    expect(screen.queryByText("Replying to Bob")).toBeNull();
  });

  it("reacts, and shows the reaction once the server has it", async () => {
    await open([inGroup(1, bob, "good news")]);
    await userEvent.click(await within(await bubbleOf("good news")).findByRole("button", { name: "React", hidden }));
    await userEvent.click(await screen.findByRole("button", { name: "React with 👍", hidden }));
    expect(FakeSocket.last.asked("message:react").data).toEqual({ chat: "20", seq: 1, emoji: "👍" });
    const reacted = inGroup(1, bob, "good news", { reactions: [{ emoji: "👍", count: 1, users: [alice.id] }] });
    FakeSocket.last.reply("message:react", "message:updated", { chat: "20", seq: 2, by: alice.id, change: "reacted", message: reacted, reaction: { user: alice.id, emoji: "👍" } });
    expect(await screen.findByRole("button", { name: "👍, 1. Who reacted?", hidden })).toBeInTheDocument();
  });

  it("edits in the place where one writes, and says so when it is too late", async () => {
    await open([inGroup(1, alice, "tpyo")]);
    await userEvent.type(await box(), "{ArrowUp}");
    expect(await box()).toHaveValue("tpyo");
    await userEvent.clear(await box());
    await userEvent.type(await box(), "typo{Enter}");
    expect(FakeSocket.last.asked("message:edit").data).toEqual({ chat: "20", seq: 1, text: "typo" });
    FakeSocket.last.reply("message:edit", "error", { code: "edit_window_over", message: "No." });
    expect(await screen.findByText("It’s too late to edit this message.")).toBeInTheDocument();
    expect(await box()).toHaveValue("typo");
    await userEvent.keyboard("{Enter}");
    const edited = inGroup(1, alice, "typo", { edited_at: "2026-01-05T09:05:00.000Z" });
    FakeSocket.last.reply("message:edit", "message:updated", { chat: "20", seq: 2, by: alice.id, change: "edited", message: edited });
    await waitFor(async () => expect(await box()).toHaveValue(""));
    expect(screen.getByText("edited")).toBeInTheDocument();
  });

  it("deletes for everyone, also out of the answers", async () => {
    await open([inGroup(1, alice, "secret"), inGroup(2, bob, "what?", { reply_to: { seq: 1, sender: alice.id, kind: "text", text: "secret" } })]);
    await menu("what?", "Delete");
    // Alice owns the group, so she may delete what bob has said too; here she stops.
    expect(await screen.findByRole("button", { name: "Delete for everyone", hidden })).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Cancel", hidden }));
    const gone = inGroup(1, alice, "", { text: null, deleted_at: "2026-01-05T09:05:00.000Z" });
    FakeSocket.last.push("message:updated", { chat: "20", seq: 3, by: alice.id, change: "deleted", message: gone });
    await waitFor(() => expect(screen.queryByText("secret")).toBeNull());
    expect(screen.getAllByText("This message was deleted")).toHaveLength(2);
  });

  it("votes, and shows it at once", async () => {
    const poll = (mine: boolean): Message =>
      inGroup(1, bob, "", {
        kind: "poll",
        text: null,
        content: { question: "When?", options: ["Friday", "Saturday"], multiple: false, closes_at: null, votes: [{ count: 7, users: ["5", "6", "7", "8", "9"], mine }, { count: 0, users: [], mine: false }] },
      });
    const bodies: unknown[] = [];
    const vote = (body: unknown) => {
      bodies.push(body);
      return { body: poll(true) };
    };
    await open([poll(false)], { routes: { "PUT chats/20/messages/1/vote/": vote } });
    await userEvent.click(await screen.findByRole("radio", { name: "Friday, 7 votes", hidden }));
    expect(bodies).toEqual([{ options: [0] }]);
    await waitFor(() => expect(screen.getByRole("radio", { name: "Friday, 7 votes", hidden })).toBeChecked());
  });

  it("lets nobody but admins write where the group says so", async () => {
    await open([inGroup(1, bob, "hi")], { chat: { me: { role: "member", delivered: 0, seen: 0 }, permissions: { post: "admins", edit_info: "admins", invite: "admins", history: "joined" } } });
    expect(await screen.findByText("Only admins can write in this group.")).toBeInTheDocument();
    expect(screen.queryByRole("textbox", { name: "Message" })).toBeNull();
  });
});

describe("the panel of a group", () => {
  it("offers the owner what an owner may do", async () => {
    const { asked } = await open([inGroup(1, bob, "hi")], { at: "/chats/20/info", routes: { "PATCH chats/20/participants/2/": { body: members[1] } } });
    await userEvent.click(await screen.findByRole("button", { name: "Options for Bob" }));
    await userEvent.click(screen.getByRole("menuitem", { name: "Make admin", hidden }));
    await waitFor(() => expect(asked).toContain("PATCH chats/20/participants/2/"));
    expect(screen.getByRole("button", { name: "Leave group" })).toBeInTheDocument();
  });

  it("shows those who want in, as they come, and lets them in", async () => {
    const request = { id: "r1", chat: "20", user: carol.id, status: "pending", created_at: "2026-01-05T09:00:00.000Z" };
    await open([inGroup(1, bob, "hi")], { routes: { "POST chats/20/join-requests/r1/approve/": { body: { ...request, status: "approved" } } } });
    await screen.findByText("hi");
    FakeSocket.last.push("join:request", { request, position: 1 });
    await userEvent.click(await screen.findByRole("link", { name: "1 person wants to join" }));
    await userEvent.click(await screen.findByRole("button", { name: "Let in" }));
    await waitFor(() => expect(screen.queryByText("1 person wants to join")).toBeNull());
  });

  it("is gone with the group when I am removed", async () => {
    await open([inGroup(1, bob, "hi")], { at: "/chats/20/info" });
    expect(await screen.findByRole("button", { name: "Leave group" })).toBeInTheDocument();
    FakeSocket.last.push("chat:removed", { chat: "20", position: 1 });
    expect(await screen.findByText("This chat isn’t available any more.")).toBeInTheDocument();
    expect(screen.queryByRole("link", { name: /Hikers/ })).toBeNull();
  });
});

describe("an invite", () => {
  it("is used only when one says so, and explains when it is over", async () => {
    const { asked } = await open([], { at: "/j/abcdefgh", routes: { "POST chats/join/": { status: 410, body: { error: { code: "invite_gone", message: "No." } } } } });
    const join = await screen.findByRole("button", { name: "Join group", hidden });
    expect(asked).not.toContain("POST chats/join/");
    await userEvent.click(join);
    expect(await screen.findByText(/This invite has expired/)).toBeInTheDocument();
  });

  it("waits for an admin where the group asks for one", async () => {
    await open([], { at: "/j/abcdefgh", routes: { "POST chats/join/": { status: 202, body: { status: "pending" } } } });
    await userEvent.click(await screen.findByRole("button", { name: "Join group", hidden }));
    expect(await screen.findByText(/An admin has to let you in/)).toBeInTheDocument();
  });
});

describe("the list with groups", () => {
  it("filters, and shows what is pinned, muted, unread and meant for me", async () => {
    const me = { role: "owner", delivered: 0, seen: 0, pinned: true, muted_until: "9999-12-31T00:00:00.000Z" };
    await open([inGroup(1, bob, "hi @alice", { mentions: [alice.id] })], { at: "/", chat: { unread: 1, mentions: 1, me } });
    const row = await screen.findByRole("link", { name: /Hikers/ });
    for (const name of ["Pinned", "Muted", "You were mentioned"]) expect(within(row).getByRole("img", { name })).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Groups" }));
    expect(screen.queryByRole("link", { name: /^Bob/ })).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Archived" }));
    expect(screen.getByText("No archived chats")).toBeInTheDocument();
  });

  it("archives from the menu", async () => {
    const change = vi.fn((body: unknown) => ({ body: { ...directChat({ me: { delivered: 0, seen: 0, archived: true } }), asked: body } }));
    await open([], { at: "/", routes: { "PATCH chats/10/me/": change } });
    await userEvent.click(await screen.findByRole("button", { name: "Chat options for Bob" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: "Archive", hidden }));
    expect(change).toHaveBeenCalledWith({ archived: true });
    await waitFor(() => expect(screen.queryByRole("link", { name: /Bob/ })).toBeNull());
  });

  it("searches messages too, and marks what was found", async () => {
    const hit = { message: inGroup(1, bob, "by the waterfall"), chat: "20", highlights: [[7, 9]] };
    await open([], { at: "/", routes: { "GET search/": { body: { results: [hit], next: null, users: everyone } } } });
    await userEvent.type(await screen.findByRole("searchbox"), "waterfall");
    const found = await screen.findByRole("region", { name: "Messages found" });
    expect(await within(found).findByText("waterfall")).toBeInstanceOf(HTMLElement);
    expect(within(found).getByText("waterfall").tagName).toBe("MARK");
  });
});
