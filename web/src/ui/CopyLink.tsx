import { Check, Copy } from "lucide-react";
import { useRef, useState } from "react";

import { Button } from "@/ui/Button";

interface Props {
  label: string;
  url: string;
  copy: string;
  copied: string;
}

/** A link to be given to others. */
export function CopyLink({ label, url, copy, copied }: Props) {
  const [isCopied, setCopied] = useState(false);
  const input = useRef<HTMLInputElement>(null);

  async function take(): Promise<void> {
    try {
      await navigator.clipboard.writeText(url);
      setCopied(true);
      setTimeout(() => setCopied(false), 2_000);
    } catch {
      // No clipboard on plain HTTP: select it, so that the keyboard can.
      input.current?.select();
    }
  }

  return (
    <div className="flex w-full max-w-72 items-center gap-1 rounded-full bg-sunken ps-4">
      <input ref={input} readOnly aria-label={label} value={url} dir="ltr" className="min-w-0 flex-1 truncate bg-transparent text-sm text-ink-2 outline-none" />
      <Button look="quiet" size="sm" onClick={() => void take()} icon={isCopied ? <Check aria-hidden className="size-4" /> : <Copy aria-hidden className="size-4" />}>
        {isCopied ? copied : copy}
      </Button>
    </div>
  );
}
