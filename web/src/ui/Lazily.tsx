import { Component, createElement, lazy, Suspense, useState, type ComponentType, type ReactNode } from "react";

import { useTranslation } from "@/i18n/react";
import { reopen } from "@/lib/worker";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";

/** A part of the client could not be read. */
class Unread extends Error {
  /** `again` reads it once more, and has it shown where it is rendered next; rejects where it is still not there. */
  constructor(readonly again: () => Promise<void>) {
    super("A part of the client could not be read.");
  }
}

/** A component that is read when it is first shown; it stands inside of `Lazily`. */
export function lazily<P extends object>(read: () => Promise<ComponentType<P>>): ComponentType<P> {
  const begin = (): ComponentType<P> =>
    lazy(async () => {
      try {
        return { default: await read() };
      } catch {
        throw new Unread(again);
      }
    });
  // React keeps how reading has ended, so another try is another component.
  let part = begin();
  const again = async (): Promise<void> => {
    await read();
    part = begin();
  };
  return function Part(props: P) {
    return createElement(part, props);
  };
}

interface Props {
  children: ReactNode;
  /** Stands there while it is read. */
  fallback?: ReactNode;
  /** For what opens over the rest and can be left: a dialog says that it is not there. */
  onClose?: () => void;
}

/**
 * Where parts of the client are shown that may have to be read first: says so where one cannot be.
 * Where several take turns, a `key` tells them apart, so that one does not stand for another.
 */
export class Lazily extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { children, fallback, onClose } = this.props;
    const { error } = this.state;
    if (error === null) return <Suspense fallback={fallback}>{children}</Suspense>;
    // A mistake in a part is not for here.
    if (!(error instanceof Unread)) throw error;
    return <NotThere again={error.again} onThere={() => this.setState({ error: null })} onClose={onClose} />;
  }
}

interface NotThereProps {
  again: () => Promise<void>;
  onThere: () => void;
  onClose: (() => void) | undefined;
}

function NotThere({ again, onThere, onClose }: NotThereProps) {
  const { t } = useTranslation();
  const [isBusy, setBusy] = useState(false);
  const retry = async (): Promise<void> => {
    setBusy(true);
    try {
      await again();
      onThere();
    } catch {
      // A browser may remember that a file did not come, and a new release may have taken the file away:
      // then only the page opened anew has what there is. Without a server it stays as it is.
      await reopen();
      setBusy(false);
    }
  };
  const said = (
    <div role="alert" className="flex h-full flex-wrap items-center justify-center gap-x-4 gap-y-3 px-6 py-3 text-center text-ink-2">
      <p className="max-w-80">{t("errors.unread")}</p>
      <Button size="sm" isBusy={isBusy} onClick={() => void retry()}>
        {t("common.retry")}
      </Button>
    </div>
  );
  if (!onClose) return said;
  return (
    <Dialog title={t("errors.unreadTitle")} closeLabel={t("common.close")} onClose={onClose}>
      {said}
    </Dialog>
  );
}
