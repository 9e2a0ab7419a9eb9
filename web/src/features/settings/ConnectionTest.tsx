import { CircleAlert, CircleCheck, CircleDashed, Globe, House, LoaderCircle, Server, TriangleAlert } from "lucide-react";
import { useRef, useState } from "react";

import { gradeOf, steps, testConnection, verdictOf, type Found, type Grade, type Report, type Step, type Way } from "@/calls/selftest";
import { useTranslation } from "@/i18n/react";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";

const looks = {
  ok: { Icon: CircleCheck, ink: "text-online" },
  fair: { Icon: TriangleAlert, ink: "text-accent-strong" },
  bad: { Icon: CircleAlert, ink: "text-danger" },
} as const satisfies Record<Grade, unknown>;
const wayIcons = { host: House, srflx: Globe, relay: Server } as const;

/** Whether calls will work from here, and what helps where they will not. */
export function ConnectionTest() {
  const { t } = useTranslation();
  const [report, setReport] = useState<Report | null>(null);
  const [isRunning, setRunning] = useState(false);
  /** Only the last test counts. */
  const last = useRef(0);

  function start(): void {
    const number = ++last.current;
    setRunning(true);
    const changed = (now: Report): void => {
      if (number === last.current) setReport(now);
    };
    void testConnection({ changed }).then(() => {
      if (number === last.current) setRunning(false);
    });
  }

  return (
    <div className="space-y-6">
      <p className="text-ink-2">{t("calls.test.lead")}</p>
      {report && <Verdict grade={isRunning ? null : verdictOf(report)} />}
      {report && (
        <ul aria-label={t("calls.test.list")} className="divide-y divide-line rounded-3xl border border-line bg-raised px-5">
          {steps.map((step) => (
            <StepRow key={step} step={step} found={report.found[step] ?? null} />
          ))}
        </ul>
      )}
      {report && (report.ways.length > 0 || !isRunning) && <Ways ways={report.ways} />}
      <Button isBusy={isRunning} onClick={start}>
        {t(report && !isRunning ? "calls.test.again" : "calls.test.start")}
      </Button>
    </div>
  );
}

/** Null: not known yet. */
function Verdict({ grade }: { grade: Grade | null }) {
  const { t } = useTranslation();
  const ground = { ok: "bg-sunken", fair: "bg-accent-soft", bad: "bg-danger-soft" } as const;
  const { Icon, ink } = grade ? looks[grade] : { Icon: LoaderCircle, ink: "text-ink-2" };
  return (
    <p role="status" className={classes("flex items-center gap-3 rounded-3xl px-5 py-4 font-semibold", grade ? ground[grade] : "bg-sunken")}>
      <Icon aria-hidden className={classes("size-6 shrink-0", ink, grade === null && "animate-spin")} />
      {t(`calls.test.verdict.${grade ?? "running"}`)}
    </p>
  );
}

function StepRow({ step, found }: { step: Step; found: Found | null }) {
  const { t } = useTranslation();
  const grade = found && gradeOf(step, found);
  const { Icon, ink } = grade ? looks[grade] : { Icon: CircleDashed, ink: "text-ink-3" };
  return (
    <li className="flex items-start gap-4 py-3.5">
      <Icon role="img" aria-label={t(`calls.test.state.${grade ?? "waiting"}`)} className={classes("mt-0.5 size-5 shrink-0", ink)} />
      <span className="min-w-0">
        <span className="block font-medium">{t(`calls.test.steps.${step}`)}</span>
        <span className="block text-sm text-ink-2">{found ? t(`calls.test.found.${found}`) : t("calls.test.verdict.running")}</span>
      </span>
    </li>
  );
}

/** The addresses that a call could use. */
function Ways({ ways }: { ways: readonly Way[] }) {
  const { t } = useTranslation();
  if (ways.length === 0) return <p className="rounded-3xl bg-danger-soft px-5 py-4 text-danger">{t("calls.test.noWays")}</p>;
  return (
    <section aria-label={t("calls.test.ways")} className="space-y-2">
      <h2 className="px-2 text-sm font-bold text-ink-2">{t("calls.test.ways")}</h2>
      <ul className="divide-y divide-line rounded-3xl border border-line bg-raised px-5">
        {ways.map((way) => {
          const Icon = wayIcons[way.kind];
          return (
            <li key={`${way.kind} ${way.protocol} ${way.address} ${way.port}`} className="flex items-center gap-4 py-3">
              <Icon aria-hidden className="size-5 shrink-0 text-ink-2" />
              <span className="min-w-0 flex-1">
                <span className="block font-medium">{t(`calls.test.way.${way.kind}`)}</span>
                <span dir="ltr" className="block truncate text-start text-sm text-ink-2">
                  {way.address.endsWith(".local") ? t("calls.test.hidden") : `${way.address}:${way.port}`}
                </span>
              </span>
              <span className="text-xs font-semibold text-ink-2 uppercase">{`${way.kind} · ${way.protocol}`}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
