import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";

import { classes } from "@/ui/classes";

interface Item {
  label: string;
  icon?: ReactNode;
  isDanger?: boolean;
  onSelect: () => void;
}

/** A menu that opens from a button. Not modal: the modal kind would inject a style element. */
export function Menu({ trigger, items }: { trigger: ReactNode; items: Item[] }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={4} className="animate-rise z-50 min-w-48 rounded-2xl border border-line bg-raised p-1.5 shadow-lift">
          {items.map((item) => (
            <DropdownMenu.Item
              key={item.label}
              onSelect={item.onSelect}
              className={classes(
                "flex min-h-11 cursor-pointer items-center gap-3 rounded-xl px-3 outline-none data-highlighted:bg-sunken",
                item.isDanger ? "text-danger" : "text-ink",
              )}
            >
              {item.icon}
              {item.label}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
