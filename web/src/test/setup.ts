import "@testing-library/jest-dom/vitest";
import "fake-indexeddb/auto";

import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

import "@/i18n";

afterEach(cleanup);
// Parts of the client come when they are asked for, on a busy machine late.
configure({ asyncUtilTimeout: 5_000 });

// jsdom has no layout: what observes sizes gets an observer that never fires.
globalThis.ResizeObserver ??= class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};

// Nor has it the media queries and the modal dialogs of browsers.
globalThis.matchMedia ??= (query: string): MediaQueryList =>
  ({ matches: query.includes("min-width"), media: query, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;
Object.assign(HTMLDialogElement.prototype, {
  showModal(this: HTMLDialogElement) {
    this.open = true;
  },
  close(this: HTMLDialogElement) {
    this.open = false;
  },
});
