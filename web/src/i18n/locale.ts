import { i18n } from "@/i18n";

/** How dates and numbers are written: the browser's own way of the language shown, where it is that. */
export function locale(): string {
  const { language } = i18n;
  const own = navigator.languages.find((name) => name.split("-")[0] === language.split("-")[0]);
  return own ?? language;
}
