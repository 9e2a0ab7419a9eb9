import { cloneElement, useState, type MouseEvent, type ReactElement, type ReactNode } from "react";

import { Popover } from "@/ui/Popover";
import { classes } from "@/ui/classes";

export interface MenuItem {
  label: string;
  icon?: ReactNode;
  isDanger?: boolean;
  onSelect: () => void;
}

interface TriggerProps {
  onClick?: (event: MouseEvent<HTMLElement>) => void;
  "aria-haspopup"?: "menu";
  "aria-expanded"?: boolean;
}

interface Props {
  label: string;
  /** The button that opens it. */
  trigger: ReactElement<TriggerProps>;
  items: MenuItem[];
}

/** A menu that opens from a button. */
export function Menu({ label, trigger, items }: Props) {
  const [anchor, setAnchor] = useState<DOMRect | null>(null);
  return (
    <>
      {cloneElement(trigger, {
        "aria-haspopup": "menu",
        "aria-expanded": anchor !== null,
        onClick: (event) => setAnchor(event.currentTarget.getBoundingClientRect()),
      })}
      {anchor && (
        <Popover anchor={anchor} label={label} onClose={() => setAnchor(null)} className="min-w-52">
          <MenuItems items={items} onDone={() => setAnchor(null)} />
        </Popover>
      )}
    </>
  );
}

/** The items of a menu, one below the other. */
export function MenuItems({ items, onDone }: { items: MenuItem[]; onDone: () => void }) {
  return items.map((item) => (
    <button
      key={item.label}
      type="button"
      role="menuitem"
      onClick={() => {
        onDone();
        item.onSelect();
      }}
      className={classes(
        "flex min-h-11 w-full items-center gap-3 rounded-xl px-3 text-start outline-none hover:bg-sunken focus:bg-sunken",
        item.isDanger ? "text-danger" : "text-ink",
      )}
    >
      {item.icon}
      {item.label}
    </button>
  ));
}
