import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";

import type { Notice, Preferences } from "@/api/notifications";
import { NotificationLayer } from "@/features/notifications/NotificationLayer";
import { NotificationsView } from "@/features/notifications/NotificationsView";
import { SettingsPane } from "@/features/settings/SettingsPane";
import type { Messenger } from "@/messenger/messenger";
import { ConnectionBanner } from "@/shell/ConnectionBanner";
import { alice, aliceProfile, bob, carol, contact, directChat, everyone, message } from "@/test/people";
import { aliceRoutes, renderWith, startAlice, stubServer, type Routes } from "@/test/render";
import { FakeSocket } from "@/test/socket";

let messenger: Messenger;

afterEach(async () => {
  await messenger.logOut();
  vi.unstubAllGlobals();
});

const mutedUntil = "2999-01-01T00:00:00.000Z";
const held = {
  chats: [
    directChat({ head: 0 }),
    directChat({ id: "11", peer: carol.id, name: "Carol", head: 0, me: { delivered: 0, seen: 0, muted_until: mutedUntil } }),
  ],
  contacts: [contact(bob), contact(carol)],
};

function serve(routes: Routes): { asked: string[] } {
  return stubServer({ ...aliceRoutes(held), ...routes });
}

const say = (seq: number, text: string, more = {}): void => FakeSocket.last.push("chat:receive", { message: message(seq, bob, text, more) });

describe("messages of chats that are not open", () => {
  async function show(): Promise<HTMLElement> {
    messenger = await startAlice(held);
    renderWith(messenger, <NotificationLayer />);
    return screen.findByRole("list", { name: "New messages" });
  }

  it("are shown with their sender, the newest of each chat, until they are dismissed", async () => {
    const list = await show();
    say(1, "first");
    say(2, "second");
    const banner = await within(list).findByRole("link", { name: /second/ });
    expect(within(list).getAllByRole("link")).toHaveLength(1);
    expect(banner).toHaveAttribute("href", "#/chats/10");
    await userEvent.click(within(list).getByRole("button", { name: "Dismiss" }));
    expect(within(list).queryByRole("link")).toBeNull();
  });

  it("go as soon as they are read elsewhere", async () => {
    const list = await show();
    say(1, "read me");
    await within(list).findByRole("link");
    FakeSocket.last.push("message:seen", { chat: "10", user: alice.id, seq: 1 });
    await waitFor(() => expect(within(list).queryByRole("link")).toBeNull());
  });

  it("are not shown of muted chats, of mine, and of the chat that is looked at", async () => {
    const list = await show();
    say(1, "psst", { id: "11-1", chat: "11", sender: carol.id });
    vi.spyOn(document, "hasFocus").mockReturnValue(true);
    messenger.look("10");
    say(1, "seen");
    const reaction = { id: "7", kind: "reaction", by: bob.id, data: { chat: "10", seq: 1 }, created_at: "2026-01-05T09:00:00.000Z", read_at: null };
    FakeSocket.last.push("notification:new", { notification: reaction, position: 1 });
    messenger.look(null);
    say(2, "mine", { sender: alice.id });
    say(3, "told");
    await within(list).findByRole("link", { name: /told/ });
    expect(within(list).getAllByRole("link")).toHaveLength(1);
    expect(messenger.announcer.get()).toHaveLength(1);
  });
});

describe("a warning of the staff", () => {
  it("is shown once, one after the other", async () => {
    messenger = await startAlice(held);
    renderWith(messenger, <NotificationLayer />);
    FakeSocket.last.push("moderation:warning", { text: "Be kind.", position: 1 });
    FakeSocket.last.push("moderation:warning", { text: "Really.", position: 2 });
    expect(await screen.findByRole("dialog", { name: "A message from the moderators" })).toHaveTextContent("Be kind.");
    await userEvent.click(screen.getByRole("button", { name: "I understand" }));
    expect(screen.getByRole("dialog")).toHaveTextContent("Really.");
    await userEvent.click(screen.getByRole("button", { name: "I understand" }));
    expect(screen.queryByRole("dialog")).toBeNull();
    FakeSocket.last.push("moderation:warning", { text: "Be kind.", position: 1 });
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});

describe("the list of notifications", () => {
  const notice = (id: string, kind: string, more: Partial<Notice> = {}): Notice => ({
    id,
    kind,
    by: bob.id,
    data: { chat: "10", seq: 1 },
    created_at: "2026-01-05T09:00:00.000Z",
    read_at: null,
    ...more,
  });

  it("says what happened, reads it, and marks what was new", async () => {
    messenger = await startAlice(held);
    const upTo: unknown[] = [];
    serve({
      "GET notifications/": { body: { results: [notice("2", "reaction"), notice("1", "moon_risen", { read_at: "2026-01-05T09:01:00.000Z" })], next: null, users: everyone } },
      "POST notifications/read/": (body) => {
        upTo.push(body);
        return { body: { unread: 0 } };
      },
    });
    renderWith(messenger, <NotificationsView />);
    // The first answer was that there are none to be had: the next connection asks again.
    FakeSocket.last.drop();
    await vi.waitFor(() => expect(FakeSocket.made).toHaveLength(2), 3_000);
    FakeSocket.last.welcome();
    const list = await screen.findByRole("list", { name: "What happened" });
    const fresh = within(list).getByRole("link", { name: /Bob reacted to your message/ });
    expect(within(fresh).getByRole("img", { name: "New" })).toBeVisible();
    expect(within(list).getByText("Something new: moon risen")).toBeVisible();
    await waitFor(() => expect(upTo).toEqual([{ up_to: "2" }]));
    FakeSocket.last.push("notification:read", { notifications: ["2"], read_at: "2026-01-05T09:02:00.000Z", position: 1 });
    expect(within(fresh).getByRole("img", { name: "New" })).toBeVisible();
    await userEvent.click(fresh);
    expect(messenger.store.getState().jump).toEqual({ chat: "10", seq: 1 });
  });
});

describe("the settings", () => {
  const preferences: Preferences = { push: true, preview: false, mail: false, reactions: true, connections: true, quiet_from: null, quiet_to: null, time_zone: "UTC" };

  it("change what one is told of, and take back what was refused", async () => {
    messenger = await startAlice(held);
    const changes: unknown[] = [];
    serve({
      "GET notifications/settings/": { body: preferences },
      "PATCH notifications/settings/": (body) => {
        changes.push(body);
        if ("mail" in (body as object)) return { status: 400, body: { error: { code: "invalid", message: "No mail." } } };
        return { body: { ...preferences, ...(body as object) } };
      },
    });
    renderWith(messenger, <SettingsPane section="notifications" />);
    expect(await screen.findByText("Notifications need a secure address (https).")).toBeVisible();
    await userEvent.click(await screen.findByRole("switch", { name: "Show sender and text" }));
    expect(screen.getByRole("switch", { name: "Show sender and text" })).toBeChecked();
    await userEvent.click(screen.getByRole("switch", { name: "Quiet hours" }));
    expect(await screen.findByLabelText("From")).toHaveValue("22:00");
    expect(changes).toEqual([{ preview: true }, expect.objectContaining({ quiet_from: "22:00", quiet_to: "07:00" })]);
    await userEvent.click(screen.getByRole("switch", { name: "Email summary" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("No mail.");
    await waitFor(() => expect(screen.getByRole("switch", { name: "Email summary" })).not.toBeChecked());
  });

  it("show how a copy of one's data comes to be", async () => {
    messenger = await startAlice(held);
    const made = { id: "5", state: "waiting", progress: 0, created_at: "2026-01-05T09:00:00.000Z", expires_at: null, size: null, url: null, reason: null, message: null };
    serve({ "POST users/me/export/": { status: 202, body: made } });
    renderWith(messenger, <SettingsPane section="account" />);
    await userEvent.click(await screen.findByRole("button", { name: "Request a copy" }));
    expect(await screen.findByText("Waiting for its turn…")).toBeVisible();
    FakeSocket.last.push("export:updated", { export: { ...made, state: "running", progress: 0.4 } });
    await waitFor(() => expect(screen.getByRole("progressbar", { name: "Progress of your copy" })).toHaveValue(0.4));
    FakeSocket.last.push("export:updated", { export: { ...made, state: "ready", progress: 1, size: 1_400_000, url: "/media/exports/5/export.zip" } });
    expect(await screen.findByRole("link", { name: "Download (1.4 MB)" })).toHaveAttribute("href", "/media/exports/5/export.zip");
  });

  it("erase the account only after one's address was typed", async () => {
    messenger = await startAlice(held);
    const { asked } = serve({ "DELETE users/me/": { status: 204 } });
    renderWith(messenger, <SettingsPane section="account" />);
    await userEvent.click(await screen.findByRole("button", { name: "Delete my account" }));
    expect(screen.getByRole("dialog")).toHaveTextContent("others see “Deleted account”");
    await userEvent.click(screen.getByRole("button", { name: "Continue" }));
    const erase = screen.getByRole("button", { name: "Delete for good" });
    await userEvent.type(screen.getByRole("textbox", { name: /Your email/ }), "alice");
    expect(erase).toBeDisabled();
    await userEvent.type(screen.getByRole("textbox", { name: /Your email/ }), aliceProfile.email?.slice(5) ?? "");
    await userEvent.click(erase);
    await waitFor(() => expect(messenger.getSession()).toBe("out"));
    expect(asked).toContain("DELETE users/me/");
    expect(messenger.store.getState()).toMatchObject({ me: null, chats: {}, notices: null });
  });
});

describe("the banner", () => {
  it("says that one is offline, and what is read after a long absence", async () => {
    messenger = await startAlice(held);
    renderWith(messenger, <ConnectionBanner />);
    messenger.store.dispatch({ event: "local:connection", data: { connection: "offline" } });
    expect(await screen.findByText(/You’re offline/)).toBeVisible();
    messenger.store.dispatch({ event: "local:connection", data: { connection: "online" } });
    await waitFor(() => expect(screen.queryByText(/You’re offline/)).toBeNull());
    messenger.store.dispatch({ event: "local:updating", data: { isUpdating: true } });
    expect(await screen.findByText("Getting what you missed…")).toBeVisible();
  });
});
