import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Lazily, lazily } from "@/ui/Lazily";

/** What reading a part comes to, one try after the other; the last stands for all that follow. */
type Tries = ("there" | "gone")[];

function partAfter(tries: Tries) {
  return lazily<{ name: string }>(() => {
    const now = tries.length > 1 ? tries.shift() : tries[0];
    return now === "there" ? Promise.resolve(({ name }: { name: string }) => <p>Hello {name}</p>) : Promise.reject(new TypeError("Failed to fetch dynamically imported module"));
  });
}

/** A page that loads anew, and a server that answers or does not. */
function page(isServerThere: boolean): { reload: ReturnType<typeof vi.fn> } {
  const reload = vi.fn();
  vi.stubGlobal("location", { reload });
  vi.stubGlobal("fetch", () => (isServerThere ? Promise.resolve(new Response(null)) : Promise.reject(new TypeError("Failed to fetch"))));
  return { reload };
}

const retry = (): Promise<HTMLElement> => screen.findByRole("button", { name: "Try again" });

// React tells the console of each error that a boundary has caught.
beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));
afterEach(() => vi.unstubAllGlobals());

describe("a part that cannot be read", () => {
  it("says so, leaves the rest alone, and comes at the next try", async () => {
    const { reload } = page(true);
    const Part = partAfter(["gone", "there"]);
    render(
      <>
        <input aria-label="Message" defaultValue="half a word" />
        <Lazily fallback={<p>Reading</p>}>
          <Part name="Bob" />
        </Lazily>
      </>,
    );
    expect(await screen.findByRole("alert")).toHaveTextContent("couldn’t be loaded");
    expect(screen.getByLabelText("Message")).toHaveValue("half a word");
    await userEvent.click(await retry());
    expect(await screen.findByText("Hello Bob")).toBeVisible();
    expect(screen.queryByRole("alert")).toBeNull();
    expect(reload).not.toHaveBeenCalled();
  });

  it("has the page opened anew where it stays away and the server is there", async () => {
    const { reload } = page(true);
    const Part = partAfter(["gone"]);
    render(
      <Lazily>
        <Part name="Bob" />
      </Lazily>,
    );
    await userEvent.click(await retry());
    await vi.waitFor(() => expect(reload).toHaveBeenCalledOnce());
  });

  it("waits for another try while the server cannot be reached", async () => {
    const { reload } = page(false);
    const Part = partAfter(["gone", "gone", "there"]);
    render(
      <Lazily>
        <Part name="Bob" />
      </Lazily>,
    );
    await userEvent.click(await retry());
    await vi.waitFor(() => expect(screen.getByRole("button", { name: "Try again" })).toBeEnabled());
    expect(screen.getByRole("alert")).toBeVisible();
    await userEvent.click(await retry());
    expect(await screen.findByText("Hello Bob")).toBeVisible();
    expect(reload).not.toHaveBeenCalled();
  });

  it("can be left where it would have opened over the rest, and be opened again", async () => {
    page(true);
    const Part = partAfter(["gone"]);
    function Opener() {
      const [isOpen, setOpen] = useState(false);
      return (
        <>
          <button onClick={() => setOpen(true)}>Open</button>
          {isOpen && (
            <Lazily onClose={() => setOpen(false)}>
              <Part name="Bob" />
            </Lazily>
          )}
        </>
      );
    }
    render(<Opener />);
    for (let time = 0; time < 2; time++) {
      await userEvent.click(screen.getByRole("button", { name: "Open" }));
      expect(await screen.findByRole("dialog", { name: "Couldn’t be loaded" })).toBeVisible();
      await userEvent.click(screen.getByRole("button", { name: "Close" }));
      expect(screen.queryByRole("dialog")).toBeNull();
    }
  });
});
