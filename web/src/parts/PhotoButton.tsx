import { Camera } from "lucide-react";
import { useState, type ReactNode } from "react";

import { useTranslation } from "@/i18n/react";
import { Lazily, lazily } from "@/ui/Lazily";

const PhotoDialog = lazily(() => import("@/parts/PhotoDialog").then((m) => m.PhotoDialog));

interface Props {
  /** The picture as it is. */
  children: ReactNode;
  hasPhoto: boolean;
  onSave: (picture: Blob) => Promise<void>;
  onRemove: () => Promise<void>;
}

/** A picture that can be changed. */
export function PhotoButton({ children, hasPhoto, onSave, onRemove }: Props) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" aria-label={t(hasPhoto ? "photo.change" : "photo.add")} title={t(hasPhoto ? "photo.change" : "photo.add")} onClick={() => setOpen(true)} className="relative rounded-full">
        {children}
        <span aria-hidden className="absolute -end-1 -bottom-1 flex size-9 items-center justify-center rounded-full border-3 border-surface bg-accent text-on-accent">
          <Camera className="size-4.5" />
        </span>
      </button>
      {isOpen && (
        <Lazily onClose={() => setOpen(false)}>
          <PhotoDialog onSave={onSave} onRemove={hasPhoto ? onRemove : null} onClose={() => setOpen(false)} />
        </Lazily>
      )}
    </>
  );
}
