const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** A number of bytes as people read it: "87 bytes", "820 kB", "1.4 MB". */
export function fileSize(bytes: number, locale: string): string {
  const step = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return new Intl.NumberFormat(locale, { style: "unit", unit: UNITS[step] ?? "byte", unitDisplay: step > 0 ? "short" : "long", maximumFractionDigits: step > 1 ? 1 : 0 }).format(bytes / 1000 ** step);
}

/** The ending of a file's name in capitals, where it has one that says something. */
export function suffix(name: string): string {
  return /\.([A-Za-z0-9]{1,5})$/.exec(name)?.[1]?.toUpperCase() ?? "";
}
