import { afterEach, describe, expect, it } from "vitest";

import { i18n } from "@/i18n";
import { ar } from "@/i18n/ar";
import { de } from "@/i18n/de";
import { en } from "@/i18n/en";
import { es } from "@/i18n/es";
import { hi } from "@/i18n/hi";
import { chooseLanguage, chosenLanguage, startLanguage } from "@/i18n/languages";

type Flat = Map<string, string>;

function flat(words: object, at = ""): Flat {
  const found: Flat = new Map();
  for (const [name, value] of Object.entries(words) as [string, string | object][]) {
    if (typeof value === "string") found.set(at + name, value);
    else for (const [key, text] of flat(value, `${at}${name}.`)) found.set(key, text);
  }
  return found;
}

const holes = (text: string) => [...new Set(text.match(/\{\{\w+\}\}|<\/?\w+\/?>/g))].sort();
const stem = (key: string) => key.replace(/_(zero|one|two|few|many|other|byYou|toYou)$/, "");
const english = flat(en);

describe.each(Object.entries({ de, es, ar, hi }))("%s", (language, translation) => {
  const words = flat(translation);

  it("has every form of everything that is counted", () => {
    const counted = [...english.keys()].filter((key) => key.endsWith("_other")).map(stem);
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const missing = counted.flatMap((key) => categories.map((form) => `${key}_${form}`)).filter((key) => !words.has(key));
    expect(missing).toEqual([]);
  });

  it("puts the same things into its sentences", () => {
    const wrong = [...words].filter(([key, text]) => {
      // "One message" may do without the number, and what you did without you, in any language.
      const isOne = /_(zero|one|two|byYou|toYou)$/.test(key);
      const wanted = holes(english.get(key) ?? english.get(`${stem(key)}_other`) ?? english.get(stem(key)) ?? "");
      const has = holes(text);
      return isOne ? has.some((hole) => !wanted.includes(hole)) : has.join() !== wanted.join();
    });
    expect(wrong).toEqual([]);
  });

  it("says nothing in no words", () => {
    expect([...words].filter(([, text]) => text.trim() === "")).toEqual([]);
  });
});

describe("the language", () => {
  afterEach(() => chooseLanguage("en"));

  it("is the one that was chosen, and says which way it is written", async () => {
    await chooseLanguage("ar");
    expect(document.documentElement).toHaveAttribute("dir", "rtl");
    expect(i18n.t("common.cancel")).toBe(ar.common.cancel);
    await chooseLanguage("de");
    expect(document.documentElement).toHaveAttribute("dir", "ltr");
    await startLanguage();
    expect(chosenLanguage()).toBe("de");
    expect(document.documentElement.lang).toBe("de");
  });

  it("is the browser's where none was chosen", async () => {
    await chooseLanguage("hi");
    await chooseLanguage(null);
    expect(chosenLanguage()).toBeNull();
    expect(document.documentElement.lang).toBe("en");
  });
});
