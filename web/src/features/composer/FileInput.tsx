import type { Ref } from "react";

interface Props {
  input: Ref<HTMLInputElement>;
  /** Types that are wanted, as the browser's chooser takes them; all without it. */
  accept?: string;
  /** Takes a picture with the camera instead, where there is one. */
  isCamera?: boolean;
  onFiles: (files: File[]) => void;
}

/** The browser's own way to choose files; a button of ours opens it. */
export function FileInput({ input, accept, isCamera = false, onFiles }: Props) {
  return (
    <input
      ref={input}
      type="file"
      hidden
      multiple={!isCamera}
      accept={accept}
      capture={isCamera ? "environment" : undefined}
      onChange={(event) => {
        const chosen = [...(event.target.files ?? [])];
        // So that the same file can be chosen again.
        event.target.value = "";
        if (chosen.length > 0) onFiles(chosen);
      }}
    />
  );
}
