/** What a person has chosen for this browser only; it goes with the log-out. */

const DEFAULTS = { sound: true, banners: true, push: false, asked: false } as const;

export type Choice = keyof typeof DEFAULTS;

/** Whether it was chosen, or is so by itself. */
export function getChoice(name: Choice): boolean {
  try {
    const held = localStorage.getItem(`choice:${name}`);
    return held === null ? DEFAULTS[name] : held === "on";
  } catch {
    return DEFAULTS[name];
  }
}

/** Keeps a choice, where the browser lets us. */
export function setChoice(name: Choice, isOn: boolean): void {
  try {
    localStorage.setItem(`choice:${name}`, isOn ? "on" : "off");
  } catch {
    // Then it is as it was the next time.
  }
}
