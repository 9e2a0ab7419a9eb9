import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";

import { App } from "@/App";
import type { Message } from "@/api/types";
import { ChatList } from "@/features/chats/ChatList";
import { Composer } from "@/features/composer/Composer";
import { ConversationView } from "@/features/conversation/ConversationView";
import type { Messenger } from "@/messenger/messenger";
import { alice, aliceProfile, bob, carol, contact, directChat, message } from "@/test/people";
import { aliceRoutes, makeMessenger, renderWith, startAlice, stubServer } from "@/test/render";
import { FakeSocket } from "@/test/socket";

let messenger: Messenger;

afterEach(async () => {
  await messenger.logOut();
  FakeSocket.made.length = 0;
  location.hash = "";
  vi.unstubAllGlobals();
});

describe("logging in", () => {
  async function toCode(): Promise<void> {
    messenger = makeMessenger();
    await messenger.start();
    renderWith(messenger, <App messenger={messenger} />);
    await userEvent.type(await screen.findByRole("textbox", { name: "Email or phone" }), "alice@example.com");
    await userEvent.click(screen.getByRole("button", { name: "Continue" }));
  }
  const sent = { identifier: "alice@example.com", channel: "email", expires_in: 600, resend_in: 60 };

  it("asks for a code, takes it, and shows the chats", async () => {
    stubServer({
      ...aliceRoutes({ chats: [directChat()], contacts: [contact(bob)] }),
      "POST auth/otp/request/": { status: 202, body: sent },
      "POST auth/otp/verify/": (body) => ({ body: { access: "t", created: false, user: aliceProfile, device: {}, asked: body } }),
    });
    await toCode();
    expect(await screen.findByRole("button", { name: /New code in 1:00|New code in 0:59/ })).toBeDisabled();
    await userEvent.type(screen.getByRole("textbox", { name: "Code" }), "123 456");
    await waitFor(() => FakeSocket.last);
    FakeSocket.last.welcome();
    expect(await screen.findByRole("link", { name: /Bob/ })).toBeVisible();
  });

  it("takes a password as well", async () => {
    const asked = vi.fn();
    stubServer({
      ...aliceRoutes({ chats: [directChat()], contacts: [contact(bob)] }),
      "POST auth/login/": (body) => {
        asked(body);
        const isRight = (body as { password: string }).password === "correct horse";
        if (!isRight) return { status: 401, body: { error: { code: "credentials_invalid", message: "No." } } };
        return { body: { access: "t", created: false, user: aliceProfile, device: {} } };
      },
    });
    messenger = makeMessenger();
    await messenger.start();
    renderWith(messenger, <App messenger={messenger} />);
    await userEvent.click(screen.getByRole("button", { name: "Use a password instead" }));
    await userEvent.type(screen.getByRole("textbox", { name: "Username, email or phone" }), "alice");
    await userEvent.type(screen.getByLabelText("Password"), "wrong{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent("The name or the password isn’t right.");
    await userEvent.clear(screen.getByLabelText("Password"));
    await userEvent.type(screen.getByLabelText("Password"), "correct horse{Enter}");
    // Other tabs, which are the messengers of earlier tests, log in as well, after this one.
    await waitFor(() => expect(FakeSocket.made).not.toHaveLength(0));
    FakeSocket.made[0]?.welcome();
    expect(await screen.findByRole("link", { name: /Bob/ })).toBeVisible();
    expect(asked).toHaveBeenLastCalledWith(expect.objectContaining({ identifier: "alice", cookie: true }));
  });

  it("says when the code is wrong, and lets one try again", async () => {
    stubServer({
      "POST auth/otp/request/": { status: 202, body: sent },
      "POST auth/otp/verify/": { status: 400, body: { error: { code: "otp_invalid", message: "Wrong." } } },
    });
    await toCode();
    const box = await screen.findByRole("textbox", { name: "Code" });
    await userEvent.type(box, "000000");
    expect(await screen.findByRole("alert")).toHaveTextContent("That code isn’t right");
    expect(box).toHaveValue("");
  });

  it("goes on to the code when one is on its way already", async () => {
    stubServer({
      "POST auth/otp/request/": { status: 429, body: { error: { code: "rate_limited", message: "Wait.", retry_after: 30 } } },
    });
    await toCode();
    expect(await screen.findByRole("textbox", { name: "Code" })).toBeVisible();
  });
});

describe("the chat list", () => {
  const chats = [
    directChat({ head: 2, unread: 2, last_message: message(2, bob, "see you") }),
    directChat({ id: "11", peer: carol.id, name: "Carol", head: 1, last_message: message(1, alice, "mine", { chat: "11", status: "delivered" }) }),
  ];

  async function show(): Promise<void> {
    messenger = await startAlice({ chats, contacts: [contact(bob), contact(carol)] });
    renderWith(messenger, <ChatList openChat={null} onShowQr={vi.fn()} onScan={vi.fn()} onNewGroup={vi.fn()} inbox={null} found={() => null} />);
  }

  it("shows the last message, how far mine got, and what is unread", async () => {
    await show();
    const row = await screen.findByRole("link", { name: /Bob/ });
    expect(row).toHaveTextContent("see you");
    expect(within(row).getByRole("status", { name: "2 unread messages" })).toBeVisible();
    expect(within(screen.getByRole("link", { name: /Carol/ })).getByRole("img", { name: "Delivered" })).toBeVisible();
  });

  it("shows who is typing", async () => {
    await show();
    FakeSocket.last.push("chat:typing", { chat: "10", user: bob.id, typing: true });
    await waitFor(() => expect(screen.getByRole("link", { name: /Bob/ })).toHaveTextContent("typing…"));
  });

  it("finds a chat by a name without its accents and case", async () => {
    await show();
    await userEvent.type(screen.getByRole("searchbox", { name: "Search chats and messages" }), "CÁROL");
    expect(screen.queryByRole("link", { name: /Bob/ })).toBeNull();
    expect(screen.getByRole("link", { name: /Carol/ })).toBeVisible();
    await userEvent.type(screen.getByRole("searchbox"), "x");
    expect(screen.queryByRole("link", { name: /Carol/ })).toBeNull();
  });
});

describe("a conversation", () => {
  // Without a layout the list never finds its first place and stays hidden: so its roles are asked for as hidden ones.
  const hidden = true;

  async function open(history: Message[], more = {}): Promise<void> {
    const head = history.at(-1)?.seq ?? 0;
    const chat = directChat({ head, last_message: history.at(-1) ?? null, ...more });
    messenger = await startAlice({ chats: [chat], contacts: [contact(bob, { online: true })], history });
    renderWith(messenger, <ConversationView id="10" composer={<Composer chat="10" />} />);
  }
  const box = (): HTMLElement => screen.getByRole("textbox", { name: "Message" });

  it("shows text as text, with links that tell nothing", async () => {
    await open([message(1, bob, "<img src=x> see https://example.com/a")]);
    const log = await screen.findByRole("log", { name: "Messages with Bob" });
    expect(await within(log).findByText(/<img src=x> see/)).toBeInTheDocument();
    expect(within(log).getByRole("link", { hidden })).toHaveAttribute("rel", "noopener noreferrer nofollow");
    expect(log.querySelector("img[src=x]")).toBeNull();
  });

  it("marks where the unread begin", async () => {
    await open([message(1, bob, "old"), message(2, bob, "new"), message(3, bob, "newer")], { unread: 2, me: { delivered: 3, seen: 1 } });
    expect(await screen.findByRole("separator", { hidden })).toHaveTextContent("2 unread messages");
  });

  it("says what it cannot show yet, and what was deleted", async () => {
    await open([message(1, bob, "", { kind: "poll" }), message(2, bob, "", { text: null, deleted_at: "2026-01-05T09:09:00.000Z" })]);
    expect(await screen.findByText(/Poll: this version of the app/)).toBeInTheDocument();
    expect(screen.getByText("This message was deleted")).toBeInTheDocument();
  });

  it("shows the other's presence and typing", async () => {
    await open([message(1, bob, "hi")]);
    expect(await screen.findByText("online")).toBeInTheDocument();
    FakeSocket.last.push("chat:typing", { chat: "10", user: bob.id, typing: true });
    expect(await screen.findByText("typing…")).toBeInTheDocument();
  });

  it("sends with Enter, and its ticks rise from clock to seen", async () => {
    await open([message(1, bob, "hi")]);
    await userEvent.type(box(), "one{Shift>}{Enter}{/Shift}two{Enter}");
    expect(box()).toHaveValue("");
    expect(await screen.findByLabelText("Sending")).toBeInTheDocument();
    const { client_id } = FakeSocket.last.asked("chat:send").data;
    expect(FakeSocket.last.asked("chat:send").data["text"]).toBe("one\ntwo");
    FakeSocket.last.reply("chat:send", "chat:sent", { chat: "10", id: "10-2", seq: 2, client_id, created_at: "2026-01-05T09:05:00.000Z", duplicate: false });
    expect(await screen.findByLabelText("Sent")).toBeInTheDocument();
    FakeSocket.last.push("message:delivered", { chat: "10", user: bob.id, seq: 2 });
    expect(await screen.findByLabelText("Delivered")).toBeInTheDocument();
    FakeSocket.last.push("message:seen", { chat: "10", user: bob.id, seq: 2 });
    expect(await screen.findByLabelText("Seen")).toBeInTheDocument();
  });

  it("offers a refused message to be sent again or given up", async () => {
    await open([message(1, bob, "hi")]);
    await userEvent.type(box(), "hello{Enter}");
    FakeSocket.last.reply("chat:send", "error", { code: "chat_closed", message: "Closed." });
    expect(await screen.findByText("Not sent: you’re no longer connected.")).toBeInTheDocument();
    await userEvent.click(screen.getByText("Send again"));
    expect(FakeSocket.last.count("chat:send")).toBe(2);
    FakeSocket.last.reply("chat:send", "error", { code: "chat_closed", message: "Closed." });
    await userEvent.click(await screen.findByText("Discard"));
    expect(screen.queryByText("hello")).toBeNull();
  });

  it("tells the other that I type, and keeps the draft", async () => {
    await open([message(1, bob, "hi")]);
    await userEvent.type(box(), "hm");
    expect(FakeSocket.last.asked("chat:typing").data).toMatchObject({ chat: "10", typing: true });
    expect(FakeSocket.last.count("chat:typing")).toBe(1);
    expect(messenger.store.getState().drafts).toEqual({ "10": "hm" });
  });

  it("cannot be written to once the two are no longer connected", async () => {
    await open([message(1, bob, "hi")]);
    FakeSocket.last.push("connection:removed", { user: bob.id, position: 1 });
    expect(await screen.findByText(/You’re not connected with Bob/)).toBeInTheDocument();
    expect(screen.queryByRole("textbox", { name: "Message" })).toBeNull();
  });
});

describe("the keyboard", () => {
  it("goes from chat to chat, to the search, and says what it can do", async () => {
    const other = directChat({ id: "11", peer: carol.id, name: "Carol", head: 1, last_message: message(1, carol, "later", { chat: "11", created_at: "2999-01-01T00:00:00.000Z" }) });
    messenger = await startAlice({ chats: [directChat({ head: 1, last_message: message(1, bob, "hi") }), other], contacts: [contact(bob), contact(carol)] });
    renderWith(messenger, <App messenger={messenger} />);
    await screen.findByRole("link", { name: /Carol/ });
    await userEvent.keyboard("{Alt>}{ArrowDown}{/Alt}");
    expect(location.hash).toBe("#/chats/11");
    await userEvent.keyboard("{Alt>}{ArrowDown}{/Alt}");
    expect(location.hash).toBe("#/chats/10");
    await userEvent.keyboard("{Alt>}{ArrowUp}{/Alt}");
    expect(location.hash).toBe("#/chats/11");
    await userEvent.keyboard("{Control>}k{/Control}");
    await waitFor(() => expect(screen.getByRole("searchbox", { name: "Search chats and messages" })).toHaveFocus());
    await userEvent.keyboard("{Control>}/{/Control}");
    expect(await screen.findByRole("dialog", { name: "Keyboard shortcuts" })).toHaveTextContent("Edit your last message");
  });
});

describe("how one logs in", () => {
  it("adds a phone number by a code, and sets a password", async () => {
    const set = vi.fn();
    messenger = await startAlice({});
    stubServer({
      ...aliceRoutes({}),
      "POST auth/otp/request/": { status: 202, body: { identifier: "+4915112345678", channel: "sms", expires_in: 600, resend_in: 60 } },
      "POST auth/otp/verify/": { body: { access: "t", created: false, user: { ...aliceProfile, phone: "+4915112345678" }, device: {} } },
      "POST auth/password/": (body) => {
        set(body);
        if (!(body as { current?: string }).current) return { status: 403, body: { error: { code: "current_password_required", message: "No." } } };
        return { body: aliceProfile };
      },
    });
    location.hash = "#/settings/signIn";
    renderWith(messenger, <App messenger={messenger} />);
    await userEvent.click(await screen.findByRole("button", { name: "Add a phone number" }));
    await userEvent.type(screen.getByLabelText("New phone number, with its country code"), "+49 151 12345678{Enter}");
    await userEvent.type(await screen.findByRole("textbox", { name: "Code" }), "123456{Enter}");
    expect(await screen.findByText("+4915112345678")).toBeVisible();

    await userEvent.type(screen.getByLabelText("New password"), "correct horse battery{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent("log in anew by a code");
    await userEvent.type(screen.getByLabelText("Current password"), "old{Enter}");
    expect(await screen.findByText("Your password is set.")).toBeVisible();
    expect(set).toHaveBeenLastCalledWith({ new: "correct horse battery", current: "old" });
  });
});
