import { afterEach, describe, expect, it, vi } from "vitest";

import { Tabs } from "@/lib/tabs";

afterEach(() => vi.unstubAllGlobals());

/** Web Locks as browsers have them, for one lock. */
function stubLocks(): void {
  const holders: { reject: (error: Error) => void }[] = [];
  const queue: (() => void)[] = [];
  vi.stubGlobal("navigator", {
    ...navigator,
    locks: {
      request: (_name: string, { steal = false }: LockOptions, hold: () => Promise<never>) =>
        new Promise((_resolve, reject) => {
          const take = (): void => {
            holders.push({ reject });
            void hold();
          };
          if (steal) {
            holders.shift()?.reject(new Error("stolen"));
            take();
          } else if (holders.length === 0) take();
          else queue.push(take);
        }),
    },
  });
}

describe("Tabs", () => {
  it("leave the word to the one that was looked at last", async () => {
    stubLocks();
    const [first, second] = [new Tabs(vi.fn()), new Tabs(vi.fn())];
    first.start();
    second.start();
    expect([first.speaks, second.speaks]).toEqual([true, false]);
    vi.spyOn(document, "hasFocus").mockReturnValue(true);
    const third = new Tabs(vi.fn());
    third.start();
    await vi.waitFor(() => expect([first.speaks, second.speaks, third.speaks]).toEqual([false, false, true]));
  });

  it("each have the word where a browser has no locks", () => {
    const only = new Tabs(vi.fn());
    only.start();
    expect(only.speaks).toBe(true);
  });

  it("hear what another one says", async () => {
    const heard = vi.fn();
    const [here, there] = [new Tabs(vi.fn()), new Tabs(heard)];
    here.start();
    there.start();
    here.tell("out");
    await vi.waitFor(() => expect(heard).toHaveBeenCalledWith("out"));
  });
});
