/** Dates and times as people read them, by the browser's own language data. */

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${name}`;
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new Intl.DateTimeFormat(locale, options)));
  return made;
}

/** Midnight of a moment's local day. */
function startOfDay(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

/** A key that two moments of the same local day share. */
export function dayKey(time: string): number {
  return startOfDay(new Date(time));
}

function daysAgo(time: Date, now: Date): number {
  return Math.round((startOfDay(now) - startOfDay(time)) / DAY_MS);
}

/** "14:05" or "2:05 PM", as the locale has it. */
export function clockTime(time: string, locale: string): string {
  return format(locale, "clock", { timeStyle: "short" }).format(new Date(time));
}

/** "Today", "Yesterday", "Tomorrow", "Tuesday", "12 May", "12 May 2024". */
export function dayName(time: string, locale: string, now = new Date()): string {
  const at = new Date(time);
  const ago = daysAgo(at, now);
  if (Math.abs(ago) <= 1) return capitalise(new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-ago, "day"));
  if (ago > 1 && ago < 7) return format(locale, "weekday", { weekday: "long" }).format(at);
  if (at.getFullYear() === now.getFullYear()) return format(locale, "day", { day: "numeric", month: "long" }).format(at);
  return format(locale, "date", { day: "numeric", month: "long", year: "numeric" }).format(at);
}

/** A key that two moments of the same local month share. */
export function monthKey(time: string): string {
  const at = new Date(time);
  return `${at.getFullYear()}-${at.getMonth()}`;
}

/** "This month", "May", "May 2024". */
export function monthName(time: string, locale: string, now = new Date()): string {
  const at = new Date(time);
  const isYear = at.getFullYear() === now.getFullYear();
  if (isYear && at.getMonth() === now.getMonth()) return capitalise(new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(0, "month"));
  return capitalise(isYear ? format(locale, "month", { month: "long" }).format(at) : format(locale, "month of year", { month: "long", year: "numeric" }).format(at));
}

/** For a row of the chat list: the time today, "Yesterday", the weekday, then the date. */
export function listTime(time: string, locale: string, now = new Date()): string {
  const at = new Date(time);
  const ago = daysAgo(at, now);
  if (ago <= 0) return clockTime(time, locale);
  if (ago === 1) return dayName(time, locale, now);
  if (ago < 7) return format(locale, "short weekday", { weekday: "short" }).format(at);
  return format(locale, "numeric", { day: "2-digit", month: "2-digit", year: "2-digit" }).format(at);
}

/** "today at 14:05", "yesterday at 09:12", "12 May at 10:00". */
export function moment(time: string, locale: string, now = new Date()): string {
  const day = dayName(time, locale, now);
  const ago = daysAgo(new Date(time), now);
  const lowered = Math.abs(ago) <= 1 ? day.toLocaleLowerCase(locale) : day;
  return `${lowered}, ${clockTime(time, locale)}`;
}

/** Seconds as "4:07". */
export function countdown(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function capitalise(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

/** Seconds as people say them: "7 days", "1 hour". */
export function duration(seconds: number, locale: string): string {
  const [unit, size] = seconds >= 86_400 ? (["day", 86_400] as const) : seconds >= 3_600 ? (["hour", 3_600] as const) : (["minute", 60] as const);
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 1 }).format(seconds / size);
}
