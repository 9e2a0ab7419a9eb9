interface Props {
  /** Numbers from 0 to 100. */
  levels: readonly number[];
  /** How much of it is heard, 0 to 1. */
  part: number;
}

const PITCH = 4;
const HEIGHT = 32;

/** A recording as bars: what is heard of it stands out. */
export function Waveform({ levels, part }: Props) {
  const heard = part * levels.length;
  return (
    <svg aria-hidden viewBox={`0 0 ${levels.length * PITCH} ${HEIGHT}`} preserveAspectRatio="none" className="h-8 w-full text-accent-strong">
      {levels.map((level, index) => {
        const height = Math.max(3, (level / 100) * HEIGHT);
        return <rect key={index} x={index * PITCH + 0.75} y={(HEIGHT - height) / 2} width={PITCH - 1.5} height={height} rx={1.25} fill="currentColor" fillOpacity={index < heard ? 1 : 0.35} />;
      })}
    </svg>
  );
}

/** As many levels as there is room for, each the loudest of its part. */
export function resample(levels: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * levels.length) / count);
    const to = Math.max(from + 1, Math.floor(((index + 1) * levels.length) / count));
    return Math.max(0, ...levels.slice(from, to));
  });
}
