import { Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";

import { useAttempt } from "@/i18n/attempt";
import { chooseLanguage, chosenLanguage, languages, type Language } from "@/i18n/languages";
import { useTranslation } from "@/i18n/react";
import { currentTheme, setTheme, type Theme } from "@/lib/theme";
import { Select } from "@/ui/Select";
import { classes } from "@/ui/classes";

const themes = [
  { id: "system", Icon: Monitor },
  { id: "light", Icon: Sun },
  { id: "dark", Icon: Moon },
] as const;

/** How the client looks, and what language it speaks. */
export function Appearance() {
  return (
    <div className="space-y-8">
      <ThemeChoice />
      <LanguageChoice />
    </div>
  );
}

function LanguageChoice() {
  const { t } = useTranslation();
  const attempt = useAttempt();
  const [language, choose] = useState(chosenLanguage);
  return (
    <div className="flex min-h-12 items-center justify-between gap-4 px-2">
      <span className="font-medium">{t("settings.language")}</span>
      <Select
        label={t("settings.language")}
        value={language ?? ""}
        options={[["", t("settings.languageOfBrowser")], ...Object.entries(languages)]}
        onChange={(value) => {
          const wanted = value === "" ? null : (value as Language);
          void attempt(() => chooseLanguage(wanted)).then((isDone) => isDone && choose(wanted));
        }}
      />
    </div>
  );
}

/** Light, dark, or as the system has it. */
function ThemeChoice() {
  const { t } = useTranslation();
  const [theme, choose] = useState<Theme>(currentTheme);
  return (
    <fieldset>
      <legend className="mb-3 px-2 text-sm font-semibold text-ink-2">{t("settings.theme")}</legend>
      <div className="grid grid-cols-3 gap-3">
        {themes.map(({ id, Icon }) => (
          <label
            key={id}
            className={classes(
              "flex cursor-pointer flex-col items-center gap-2 rounded-3xl border-2 bg-raised px-2 py-5 font-semibold transition has-focus-visible:outline-2 has-focus-visible:outline-accent",
              theme === id ? "border-accent text-accent-strong" : "border-line hover:border-ink-3",
            )}
          >
            <input
              type="radio"
              name="theme"
              className="sr-only"
              checked={theme === id}
              onChange={() => {
                setTheme(id);
                choose(id);
              }}
            />
            <Icon aria-hidden className="size-7" />
            {t(`settings.themes.${id}`)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
