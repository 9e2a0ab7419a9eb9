import { useCallback } from "react";

import { errorText } from "@/i18n/errors";
import { useTranslation } from "@/i18n/react";
import { toast } from "@/ui/Toaster";

/** Does something that may be refused, and says so in passing if it is; answers whether it was done. */
export function useAttempt(): (act: () => Promise<unknown>) => Promise<boolean> {
  const { t } = useTranslation();
  return useCallback(
    async (act) => {
      try {
        await act();
        return true;
      } catch (error) {
        toast(errorText(t, error), true);
        return false;
      }
    },
    [t],
  );
}
