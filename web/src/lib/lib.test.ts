import { describe, expect, it } from "vitest";

import links from "@/lib/links.json";
import { parseRoute } from "@/lib/route";
import { connectToken, fold, initials, isOnlyEmoji, linkParts } from "@/lib/text";
import { countdown, dayName, listTime, monthName } from "@/lib/time";

describe("text", () => {
  it("finds links and leaves the sentence its full stop", () => {
    expect(linkParts("See https://example.com/a_(b). And www.example.org!")).toEqual([
      { text: "See ", href: null },
      { text: "https://example.com/a_(b)", href: "https://example.com/a_(b)" },
      { text: ". And ", href: null },
      { text: "www.example.org", href: "https://www.example.org" },
      { text: "!", href: null },
    ]);
  });

  it("finds the links that the server makes previews of", () => {
    // chat/tests/test_previews.py reads the same list.
    for (const [text, link] of links) expect(linkParts(text ?? "").find((part) => part.href)?.href ?? null, text ?? "").toBe(link);
  });

  it("makes no link of any other scheme", () => {
    expect(linkParts("javascript:alert(1) data:text/html,x")).toEqual([{ text: "javascript:alert(1) data:text/html,x", href: null }]);
  });

  it("takes initials from any script", () => {
    expect(["Ada Lovelace", "bob", "فاطمة الزهراء", "🎉 Party", "", "Jean-Luc de la Tour"].map(initials)).toEqual(["AL", "B", "فا", "P", "?", "JT"]);
  });

  it("knows a message of nothing but emoji", () => {
    expect(["👍", "👨‍👩‍👧‍👦 🎉", "🇩🇪", "1", "ok 👍", "👍👍👍👍"].map(isOnlyEmoji)).toEqual([true, true, true, false, false, false]);
  });

  it("folds case and accents away", () => {
    expect(fold("Ångström Ñandú")).toBe("angstrom nandu");
  });

  it("reads a token out of a link or as it is", () => {
    const token = "AbC_123-xyz456";
    expect(connectToken(` https://chat.example/#/c/${token}\n`)).toBe(token);
    expect(connectToken(token)).toBe(token);
    expect(connectToken("https://example.com/")).toBeNull();
    expect(connectToken("hello there")).toBeNull();
  });
});

describe("time", () => {
  const now = new Date(2026, 4, 14, 12, 0);
  const at = (day: number, month = 4, year = 2026): string => new Date(year, month, day, 9, 5).toISOString();

  it("names days as people do", () => {
    expect([at(14), at(13), at(11), at(2), at(2, 4, 2024)].map((time) => dayName(time, "en-GB", now))).toEqual([
      "Today",
      "Yesterday",
      "Monday",
      "2 May",
      "2 May 2024",
    ]);
  });

  it("names months, and the year of those long ago", () => {
    expect([at(2), at(2, 3), at(2, 3, 2024)].map((time) => monthName(time, "en-GB", now))).toEqual(["This month", "April", "April 2024"]);
  });

  it("keeps the chat list short", () => {
    expect([at(14), at(13), at(11), at(2)].map((time) => listTime(time, "en-GB", now))).toEqual(["09:05", "Yesterday", "Mon", "02/05/26"]);
  });

  it("counts down", () => {
    expect([247, 59.2, 0, -3].map(countdown)).toEqual(["4:07", "1:00", "0:00", "0:00"]);
  });
});

describe("routes", () => {
  it("reads the address", () => {
    expect(["", "#/", "#/chats/12", "#/chats/12/info", "#/people", "#/settings/privacy", "#/c/tok", "#/j/tok"].map(parseRoute)).toEqual([
      { at: "chats", chat: null, panel: null },
      { at: "chats", chat: null, panel: null },
      { at: "chats", chat: "12", panel: null },
      { at: "chats", chat: "12", panel: "info" },
      { at: "people" },
      { at: "settings", section: "privacy" },
      { at: "connect", token: "tok" },
      { at: "join", token: "tok" },
    ]);
  });
});
