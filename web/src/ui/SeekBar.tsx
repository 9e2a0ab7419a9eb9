import { Waveform } from "@/ui/Waveform";

interface Props {
  label: string;
  /** Where it stands, for those who cannot see it. */
  valueText: string;
  levels: readonly number[];
  /** 0 to 1. */
  part: number;
  isDisabled: boolean;
  onSeek: (part: number) => void;
}

const STEPS = 100;

/** A recording as bars in which one can go to any place, by pointer and keyboard. */
export function SeekBar({ label, valueText, levels, part, isDisabled, onSeek }: Props) {
  return (
    <div dir="ltr" className="relative rounded-lg has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent">
      <Waveform levels={levels} part={part} />
      <input
        type="range"
        aria-label={label}
        aria-valuetext={valueText}
        min={0}
        max={STEPS}
        step={1}
        value={Math.round(part * STEPS)}
        disabled={isDisabled}
        onChange={(event) => onSeek(Number(event.target.value) / STEPS)}
        className="absolute inset-0 m-0 size-full cursor-pointer opacity-0 disabled:cursor-default"
      />
    </div>
  );
}
