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
    <select
      aria-label={label}
      value={value}
      disabled={isDisabled}
      onChange={(event) => onChange(event.target.value)}
      className="h-9 max-w-40 shrink-0 truncate rounded-full bg-sunken px-3 text-sm font-semibold text-ink enabled:hover:bg-line disabled:text-ink-3"
    >
      {options.map(([one, text]) => (
        <option key={one} value={one}>
          {text}
        </option>
      ))}
    </select>
  );
}
