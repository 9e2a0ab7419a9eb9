import { describe, expect, it } from "vitest";

import { push as words } from "@/i18n/en/push";
import { noticeOf, readPush, type Push } from "@/lib/notice";

const message: Push = { kind: "message", unread: 2 };
const preview: Push = { ...message, chat: "10", sender: "Bob", group: null, message_kind: "text", text: "Hi" };
const by = { name: "", username: "bob" };

describe("what a push shows", () => {
  it("says nothing of what was written unless it is told", () => {
    expect(noticeOf(message, words)).toEqual({ title: "chatproject", body: "You have new messages", tag: "message", path: "/" });
  });

  it("names the sender and the text, under a tag of the chat", () => {
    expect(noticeOf(preview, words)).toEqual({ title: "Bob", body: "Hi", tag: "chat:10", path: "/chats/10" });
    expect(noticeOf({ ...preview, group: "Hikers" }, words)).toMatchObject({ title: "Hikers", body: "Bob: Hi" });
    expect(noticeOf({ ...preview, text: "", message_kind: "voice" }, words).body).toBe("🎤 Voice message");
  });

  it("says who did what, and leads there", () => {
    expect(noticeOf({ kind: "reaction", unread: 1, by, data: { chat: "10", seq: 3 } }, words)).toEqual({
      title: "bob",
      body: "Reacted to your message",
      tag: "reaction",
      path: "/chats/10",
    });
    expect(noticeOf({ kind: "call", unread: 0 }, words)).toMatchObject({ body: "Incoming call", path: "/" });
    expect(noticeOf({ kind: "moon_risen", unread: 1 }, words)).toMatchObject({ body: "Something new", path: "/notifications" });
  });

  it("reads nothing into what is no push", () => {
    for (const text of [undefined, "", "null", "[]", '"x"', '{"unread": 1}']) expect(readPush(text)).toBeNull();
    expect(readPush('{"kind": "message"}')).toEqual({ kind: "message", unread: 1 });
  });
});
