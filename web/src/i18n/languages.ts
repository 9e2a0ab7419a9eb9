import { i18n } from "@/i18n";
import type { Translation } from "@/i18n/translation";

/** The languages there are, each by the name its speakers have for it. */
export const languages = {
  en: "English",
  de: "Deutsch",
  es: "Español",
  ar: "العربية",
  hi: "हिन्दी",
} as const;

export type Language = keyof typeof languages;

const KEY = "language";

/** English comes with the client; each other language when it is wanted. */
const loaders: Record<Exclude<Language, "en">, () => Promise<Translation>> = {
  de: async () => (await import("@/i18n/de")).de,
  es: async () => (await import("@/i18n/es")).es,
  ar: async () => (await import("@/i18n/ar")).ar,
  hi: async () => (await import("@/i18n/hi")).hi,
};

function isLanguage(name: string): name is Language {
  return name in languages;
}

/** What the person chose here; null: as the browser has it. */
export function chosenLanguage(): Language | null {
  try {
    const chosen = localStorage.getItem(KEY);
    return chosen !== null && isLanguage(chosen) ? chosen : null;
  } catch {
    return null; // storage may be forbidden
  }
}

/** The first language of the browser that there is. */
function browserLanguage(): Language {
  return navigator.languages.map((tag) => tag.split("-")[0] ?? "").find(isLanguage) ?? "en";
}

/** Chooses a language and keeps the choice; null: as the browser has it. */
export async function chooseLanguage(language: Language | null): Promise<void> {
  await show(language ?? browserLanguage());
  try {
    if (language === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, language);
  } catch {
    // Then it holds until the page is left.
  }
}

/** Shows the client in the language of the person; in English if the other cannot be had now. */
export async function startLanguage(): Promise<void> {
  try {
    await show(chosenLanguage() ?? browserLanguage());
  } catch {
    await show("en");
  }
}

async function show(language: Language): Promise<void> {
  if (language !== "en" && !i18n.hasResourceBundle(language, "translation")) {
    i18n.addResourceBundle(language, "translation", await loaders[language]());
  }
  await i18n.changeLanguage(language);
  document.documentElement.lang = language;
  document.documentElement.dir = i18n.dir(language);
}
