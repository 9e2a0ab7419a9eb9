import { useState, type ReactNode } from "react";

import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";

interface Props {
  title: string;
  text?: string;
  confirm: string;
  cancel: string;
  close: string;
  isDanger?: boolean;
  /** Rejects with what is shown instead of closing. */
  onConfirm: () => Promise<void>;
  onClose: () => void;
  problem: (error: unknown) => string;
  children?: ReactNode;
}

/** Asks before something that cannot be taken back. */
export function Confirm({ title, text, confirm, cancel, close, isDanger = false, onConfirm, onClose, problem, children }: Props) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  async function go(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      onClose();
    } catch (failure) {
      setError(problem(failure));
      setBusy(false);
    }
  }

  return (
    <Dialog title={title} closeLabel={close} onClose={onClose}>
      {text && <p className="text-ink-2">{text}</p>}
      {children}
      {error && (
        <p role="alert" className="mt-3 text-danger">
          {error}
        </p>
      )}
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button look="secondary" onClick={onClose}>
          {cancel}
        </Button>
        <Button look={isDanger ? "danger" : "primary"} isBusy={isBusy} onClick={() => void go()}>
          {confirm}
        </Button>
      </div>
    </Dialog>
  );
}
