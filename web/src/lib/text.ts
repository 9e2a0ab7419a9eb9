/** Text as people write it, taken apart for showing and comparing. */

export interface TextPart {
  text: string;
  /** Where it leads, for the parts that are links; only http and https. */
  href: string | null;
}

const LINK = /\bhttps?:\/\/[^\s<>"']+|\bwww\.[a-z0-9-]+\.[^\s<>"']+/gi;

/** Cuts a text into plain parts and links. Joined again, the parts are the text exactly. */
export function linkParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const link = trimLink(match[0]);
    if (match.index > end) parts.push({ text: text.slice(end, match.index), href: null });
    parts.push({ text: link, href: /^www\./i.test(link) ? `https://${link}` : link });
    end = match.index + link.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), href: null });
  return parts;
}

/** A full stop or bracket after a link belongs to the sentence; a bracket that was opened in it does not. */
function trimLink(link: string): string {
  let trimmed = link.replace(/[.,;:!?…»”]+$/, "");
  while (trimmed.endsWith(")") && trimmed.split(")").length > trimmed.split("(").length) trimmed = trimmed.slice(0, -1);
  return trimmed;
}

/** The one or two letters of an avatar without a picture. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = (word: string | undefined): string => Array.from(word?.replace(/^[^\p{L}\p{N}]+/u, "") ?? "")[0] ?? "";
  const letters = words.length > 1 ? first(words[0]) + first(words.at(-1)) : first(words[0]);
  return letters.toLocaleUpperCase() || "?";
}

/** A number from 0 up to, not including, `end`, always the same for the same text. */
export function bucket(text: string, end: number): number {
  let hash = 0;
  for (const char of text) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return hash % end;
}

/** For searching: without case and accents. */
export function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}

/** One to three emoji and nothing else: shown large. */
export function isOnlyEmoji(text: string): boolean {
  if (text.length > 40 || !/^(?:\p{Extended_Pictographic}|\p{Emoji_Component}|\s)+$/u.test(text)) return false;
  if (!/\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(text)) return false;
  const graphemes = [...new Intl.Segmenter().segment(text.replace(/\s/g, ""))];
  return graphemes.length >= 1 && graphemes.length <= 3;
}

/** The token of an invite to a group in what a person pasted or a camera read: a link with `#/j/<token>`. */
export function inviteToken(text: string): string | null {
  return /#\/j\/([A-Za-z0-9._~-]{8,200})$/.exec(text.trim())?.[1] ?? null;
}

/** The token in what a person pasted or a camera read: the bare token, or a link with `#/c/<token>`. */
export function connectToken(text: string): string | null {
  const trimmed = text.trim();
  const inLink = /#\/c\/([A-Za-z0-9._~-]{8,200})$/.exec(trimmed);
  if (inLink?.[1]) return inLink[1];
  return /^[A-Za-z0-9._~-]{8,200}$/.test(trimmed) ? trimmed : null;
}
