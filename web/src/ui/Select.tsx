import { ChevronDown } from "lucide-react";

interface Props {
  label: string;
  value: string;
  options: (readonly [value: string, text: string])[];
  onChange: (value: string) => void;
  isDisabled?: boolean;
}

/** One of a few, by the browser's own list. */
export function Select({ label, value, options, onChange, isDisabled = false }: Props) {
  return (
    <span className="relative inline-flex shrink-0 items-center">
      <select
        aria-label={label}
        value={value}
        disabled={isDisabled}
        onChange={(event) => onChange(event.target.value)}
        className="field-sizing-content h-9 max-w-56 appearance-none truncate rounded-full bg-sunken ps-3.5 pe-8 text-sm font-semibold text-ink enabled:hover:bg-line disabled:text-ink-3"
      >
        {options.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
      <ChevronDown aria-hidden className="pointer-events-none absolute end-2.5 size-4 text-ink-2" />
    </span>
  );
}
