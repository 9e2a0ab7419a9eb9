import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { vi } from "vitest";

import { clearAccess } from "@/api/http";
import type { Chat, Contact, Message } from "@/api/types";
import { Messenger } from "@/messenger/messenger";
import { MessengerProvider } from "@/messenger/react";
import { Database } from "@/store/persist";
import { StoreProvider } from "@/store/react";
import { aliceProfile, everyone } from "@/test/people";
import { FakeSocket } from "@/test/socket";

type Answer = { status?: number; body?: unknown };
export type Routes = Record<string, Answer | ((body: unknown) => Answer)>;

let number = 0;

/** Answers `fetch` from a table of "METHOD path" (query left out); what is not in it is a 404. */
export function stubServer(routes: Routes): { asked: string[] } {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    const name = `${init.method ?? "GET"} ${url.replace("/api/v1/", "").replace(/\?.*/, "")}`;
    asked.push(name);
    const route = routes[name];
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : null;
    const answer = typeof route === "function" ? route(body) : (route ?? { status: 404, body: { error: { code: "not_found", message: "No." } } });
    return Promise.resolve(new Response(answer.body === undefined ? null : JSON.stringify(answer.body), { status: answer.status ?? 200 }));
  });
  return { asked };
}

interface Held {
  chats?: Chat[];
  contacts?: Contact[];
  history?: Message[];
}

/** What alice's server answers: her profile, her lists, and one chat's history. */
export function aliceRoutes({ chats = [], contacts = [], history = [] }: Held): Routes {
  const list = (results: unknown[]): Answer => ({ body: { results, next: null, users: everyone } });
  return {
    "POST auth/token/refresh/": { body: { access: "token" } },
    "GET users/me/": { body: aliceProfile },
    "GET chats/": list(chats),
    "GET connections/": list(contacts),
    "GET connections/requests/": { body: { incoming: [], outgoing: [], users: everyone } },
    "GET chats/10/messages/": { body: { results: history, has_more_before: false, has_more_after: false, users: everyone } },
  };
}

/** A messenger over a FakeSocket and a database of its own. */
export function makeMessenger(): Messenger {
  FakeSocket.made = [];
  clearAccess();
  return new Messenger({ newSocket: (url) => new FakeSocket(url), database: new Database(`test${++number}`) });
}

/** Alice's messenger, logged in, connected and with her lists read. */
export async function startAlice(held: Held): Promise<Messenger> {
  stubServer(aliceRoutes(held));
  localStorage.setItem("session", "1");
  const messenger = makeMessenger();
  await messenger.start();
  await vi.waitFor(() => FakeSocket.last);
  FakeSocket.last.welcome();
  await vi.waitFor(() => {
    if (!messenger.store.getState().place) throw new Error("not started");
  });
  return messenger;
}

/** Renders what stands inside the app, with a layout for lists, which jsdom has none of. */
export function renderWith(messenger: Messenger, children: ReactNode): ReturnType<typeof render> {
  return render(
    <MessengerProvider value={messenger}>
      <StoreProvider value={messenger.store}>
        {children}
      </StoreProvider>
    </MessengerProvider>,
  );
}
