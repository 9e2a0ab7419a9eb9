type Words = { [name: string]: string | Words };

const POP = "\u2069";

/**
 * Sets what is put into a sentence apart from the direction of the sentence (Unicode isolates), so that a name in
 * Latin letters, a phone number or an address pulls none of its neighbours to the other side. A list runs as Arabic does.
 */
export function isolate<T extends object>(words: T): T {
  return each(words as unknown as Words) as unknown as T;
}

function each(words: Words): Words {
  return Object.fromEntries(
    Object.entries(words).map(([name, said]) => [
      name,
      typeof said === "string" ? said.replace(/\{\{(\w+)\}\}/g, (hole, what: string) => `${/^(users|names)$/.test(what) ? "\u2067" : "\u2068"}${hole}${POP}`) : each(said),
    ]),
  );
}
