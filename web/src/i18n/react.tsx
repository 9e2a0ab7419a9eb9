import type { TFunction } from "i18next";
import { createContext, useContext, useEffect, useState, type ReactNode } from "react";

import { i18n } from "@/i18n";

interface Translation {
  t: TFunction;
}

/**
 * The words of the language shown now. Each bubble asks for some, most of them without anything to fill
 * in: those are looked up once. (The hook of react-i18next took a fifth of the time to open a chat.)
 */
function translation(): Translation {
  const translate = i18n.getFixedT(i18n.language) as (key: string, options?: Record<string, unknown>) => string;
  const found = new Map<string, string>();
  const t = (key: string, options?: Record<string, unknown>): string => {
    if (options) return translate(key, options);
    let text = found.get(key);
    if (text === undefined) found.set(key, (text = translate(key)));
    return text;
  };
  return { t: t as TFunction };
}

const TranslationContext = createContext<Translation>({ t: i18n.t });

/** Everything in it is drawn again when another language is chosen. */
export function TranslationProvider({ children }: { children: ReactNode }) {
  const [value, setValue] = useState(translation);
  useEffect(() => {
    const renew = (): void => setValue(translation());
    i18n.on("languageChanged", renew);
    return () => i18n.off("languageChanged", renew);
  }, []);
  return <TranslationContext value={value}>{children}</TranslationContext>;
}

/** What turns keys into words: `t("common.cancel")`. */
export function useTranslation(): Translation {
  return useContext(TranslationContext);
}
