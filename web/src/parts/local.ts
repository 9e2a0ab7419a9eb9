import { useEffect, useState } from "react";

import { useMessenger } from "@/messenger/react";

/** An address of bytes that are here, for as long as they are shown. */
export function useBlobUrl(blob: Blob): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(blob);
    // It has to be given back, which only an effect can.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return url;
}

/** An address of a file of mine that is on this device: on its way, or just sent. Null where it is not. */
export function useLocalUrl(key: string | null): string | null {
  const { files } = useMessenger();
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (key === null) return;
    let isOn = true;
    void files.read(key).then((blob) => {
      if (isOn) setUrl(blob ? URL.createObjectURL(blob) : null);
    });
    return () => {
      isOn = false;
    };
  }, [files, key]);
  useEffect(() => {
    return () => {
      if (url) URL.revokeObjectURL(url);
    };
  }, [url]);
  return key === null ? null : url;
}
