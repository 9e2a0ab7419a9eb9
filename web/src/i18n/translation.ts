import type { en } from "@/i18n/en";

type Plural = "zero" | "one" | "two" | "few" | "many";

/** What is counted has further forms where a language has them; English has `_one` and `_other`. */
type Forms<T> = { [K in keyof T as K extends `${infer Stem}_other` ? `${Stem}_${Plural}` : never]?: string };

type Words<T> = {
  [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string ? string : Words<T[K]>;
} & Forms<T>;

/** What the reader did, or what was done to them, where a language says it otherwise than of others. */
type Persons<T> = { [K in keyof T as K extends string ? `${K}_byYou` | `${K}_toYou` : never]?: string };

/** Everything that the client says, in another language than English. */
export type Translation = Words<typeof en> & { system: Persons<typeof en.system> };
