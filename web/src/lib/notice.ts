/** What a push says, as the system's notification shows it. Shared with the worker: nothing of the page. */

/** The words of notifications; the page hands the worker those of the person's language. */
export interface NoticeWords {
  readonly app: string;
  readonly message: string;
  readonly messages: string;
  readonly kinds: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
  readonly other: string;
}

/** The payload of a push; all but the first two only where the person wants previews. */
export interface Push {
  kind: string;
  unread: number;
  chat?: string;
  sender?: string;
  group?: string | null;
  message_kind?: string;
  text?: string;
  by?: { name: string; username: string } | null;
  data?: Readonly<Record<string, unknown>>;
}

export interface Notice {
  title: string;
  body: string;
  /** The next one of the same takes its place. */
  tag: string;
  /** Where a click leads. */
  path: string;
}

/** Reads a payload; null where it is none. */
export function readPush(text: string | undefined): Push | null {
  try {
    const push = JSON.parse(text ?? "") as Partial<Push> | null;
    if (typeof push?.kind !== "string") return null;
    return { ...push, kind: push.kind, unread: typeof push.unread === "number" ? push.unread : 1 };
  } catch {
    return null;
  }
}

/** The tag of everything about one chat. */
export function chatTag(chat: string): string {
  return `chat:${chat}`;
}

/** What to show for a push: without a preview only that something has come. */
export function noticeOf(push: Push, words: NoticeWords): Notice {
  if (push.kind === "message") return messageNotice(push, words);
  const said = words.kinds[push.kind] ?? words.other;
  const chat = push.data?.["chat"];
  const path = typeof chat === "string" && push.kind !== "connection_request" ? chatPath(chat) : push.kind === "call" ? "/" : "/notifications";
  const name = push.by?.name || push.by?.username;
  return name ? { title: name, body: said, tag: push.kind, path } : { title: words.app, body: said, tag: push.kind, path };
}

function messageNotice(push: Push, words: NoticeWords): Notice {
  const { chat, sender, group, text, message_kind: kind = "text" } = push;
  if (!chat || !sender) {
    return { title: words.app, body: push.unread > 1 ? words.messages : words.message, tag: "message", path: "/" };
  }
  const said = text || words.files[kind] || words.message;
  const path = chatPath(chat);
  return group ? { title: group, body: `${sender}: ${said}`, tag: chatTag(chat), path } : { title: sender, body: said, tag: chatTag(chat), path };
}

function chatPath(chat: string): string {
  return `/chats/${encodeURIComponent(chat)}`;
}
