import "@testing-library/jest-dom/vitest";
import "fake-indexeddb/auto";

import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

import "@/i18n";

afterEach(cleanup);
// Parts of the client come when they are asked for, on a busy machine late.
configure({ asyncUtilTimeout: 5_000 });

// jsdom has no layout: what lists ask for their layout gets one, a view of 900 pixels and rows of 60.
globalThis.ResizeObserver = class {
  private readonly observed = new Set<Element>();
  constructor(private readonly tell: ResizeObserverCallback) {}
  observe(target: Element): void {
    this.observed.add(target);
    const height = target instanceof HTMLElement && target.style.position === "absolute" ? 60 : 900;
    queueMicrotask(() => {
      if (this.observed.has(target)) this.tell([{ target, contentRect: { width: 400, height } } as unknown as ResizeObserverEntry], this);
    });
  }
  unobserve(target: Element): void {
    this.observed.delete(target);
  }
  disconnect(): void {
    this.observed.clear();
  }
};
Object.defineProperty(HTMLElement.prototype, "offsetParent", { get: () => document.body });
Object.assign(Element.prototype, { scrollTo() {}, scrollBy() {} });

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
