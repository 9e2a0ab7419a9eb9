import type { Calls, Problem } from "@/calls/calls";
import { errorText } from "@/i18n/errors";
import { useTranslation } from "@/i18n/react";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";

/** Why a call could not begin, or a device not be used, and what helps. */
export function CallProblem({ calls, problem, isTalking }: { calls: Calls; problem: Problem; isTalking: boolean }) {
  const { t } = useTranslation();
  const text = "device" in problem ? t(`calls.problem.${problem.device}.${problem.trouble}`) : errorText(t, problem.error);
  return (
    <Dialog title={t(isTalking ? "calls.problem.deviceTitle" : "calls.problem.title")} closeLabel={t("common.close")} onClose={calls.closeProblem}>
      <p role="alert" className="text-ink-2">
        {text}
      </p>
      <div className="mt-5 flex justify-end">
        <Button data-first onClick={calls.closeProblem}>
          {t("common.done")}
        </Button>
      </div>
    </Dialog>
  );
}
