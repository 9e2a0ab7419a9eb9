import type { Chat, Contact, Message, Privacy, Profile, User, Users } from "@/api/types";

export function person(id: string, name: string): User {
  return { id, username: name.toLowerCase(), name, avatar_url: null };
}

export const alice = person("1", "Alice");
export const bob = person("2", "Bob");
export const carol = person("3", "Carol");
export const everyone: Users = { [alice.id]: alice, [bob.id]: bob, [carol.id]: carol };

const privacy: Privacy = {
  last_seen: "connections",
  online: "connections",
  avatar: "connections",
  about: "connections",
  statuses: "connections",
  read_receipts: true,
  typing: true,
};

export const aliceProfile: Profile = {
  ...alice,
  about: "At the lake",
  email: "alice@example.com",
  phone: null,
  privacy,
  date_joined: "2026-01-01T00:00:00.000Z",
};

const times: string[] = [];

export function timeAt(minute: number): string {
  return (times[minute] ??= new Date(Date.UTC(2026, 0, 5, 9, minute)).toISOString());
}

export function message(seq: number, sender: User, text: string, more: Partial<Message> = {}): Message {
  return {
    id: `10-${seq}`,
    chat: "10",
    seq,
    client_id: `c${seq}`,
    sender: sender.id,
    kind: "text",
    text,
    content: null,
    attachments: [],
    reply_to: null,
    forwarded: false,
    mentions: [],
    reactions: [],
    preview: null,
    pinned: false,
    edited_at: null,
    deleted_at: null,
    expires_at: null,
    created_at: timeAt(seq),
    ...more,
  };
}

/** The direct chat of alice and bob as alice has it. */
export function directChat(more: Partial<Chat> = {}): Chat {
  return {
    id: "10",
    kind: "direct",
    name: bob.name,
    avatar_url: null,
    peer: bob.id,
    members_count: 2,
    head: 0,
    last_message: null,
    unread: 0,
    me: { delivered: 0, seen: 0 },
    created_at: timeAt(0),
    updated_at: timeAt(0),
    ...more,
  };
}

export function contact(user: User, more: Partial<Contact> = {}): Contact {
  return { user, online: false, last_seen: timeAt(0), chat: null, since: timeAt(0), ...more };
}

/** A group of alice, bob and carol as alice has it. */
export function groupChat(more: Partial<Chat> = {}): Chat {
  return {
    ...directChat({ id: "20" }),
    kind: "group",
    name: "Hikers",
    description: "",
    peer: null,
    members_count: 3,
    permissions: { post: "all", edit_info: "all", invite: "admins", history: "joined" },
    disappear_after: null,
    me: { role: "owner", delivered: 0, seen: 0 },
    ...more,
  };
}
