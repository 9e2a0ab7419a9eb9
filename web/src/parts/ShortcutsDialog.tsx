import { Fragment } from "react";

import { useTranslation } from "@/i18n/react";
import { Dialog } from "@/ui/Dialog";

type Key = "up" | "down" | "enter" | "shift" | "alt" | "ctrl" | "escape" | "K" | "F" | "/" | "@";

const LIST = [
  ["search", ["ctrl", "K"]],
  ["searchHere", ["ctrl", "shift", "F"]],
  ["previous", ["alt", "up"]],
  ["next", ["alt", "down"]],
  ["info", ["alt", "enter"]],
  ["back", ["escape"]],
  ["send", ["enter"]],
  ["line", ["shift", "enter"]],
  ["editLast", ["up"]],
  ["mention", ["@"]],
  ["inMenus", ["up", "down"]],
  ["list", ["ctrl", "/"]],
] as const satisfies readonly (readonly [string, readonly Key[]])[];

/** What the keyboard can do. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
  function name(key: Key): string {
    if (key.length === 1) return key;
    if (isMac && key === "ctrl") return "⌘";
    if (isMac && key === "alt") return "⌥";
    return t(`shortcuts.keys.${key as Exclude<Key, "K" | "F" | "/" | "@">}`);
  }
  return (
    <Dialog title={t("shortcuts.title")} closeLabel={t("common.close")} onClose={onClose}>
      <dl className="mt-2 grid grid-cols-[1fr_auto] items-center gap-x-6 gap-y-2.5 text-sm">
        {LIST.map(([act, keys]) => (
          <Fragment key={act}>
            <dt>{t(`shortcuts.${act}`)}</dt>
            <dd dir="ltr" className="flex justify-end gap-1">
              {keys.map((key) => (
                <kbd key={key} className="min-w-7 rounded-lg border border-line bg-sunken px-1.5 py-0.5 text-center font-sans font-semibold text-ink-2">
                  {name(key)}
                </kbd>
              ))}
            </dd>
          </Fragment>
        ))}
      </dl>
    </Dialog>
  );
}
