import { fileURLToPath } from "node:url";

import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import { compress } from "./compress.ts";
import { serviceWorker } from "./worker.ts";

// The server the development proxy talks to; the built client always talks to its own origin.
const backend = process.env["BACKEND"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react(), tailwindcss(), serviceWorker(), compress()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2022",
    // Nothing as a data: URL, so that the content security policy needs no exception for it.
    assetsInlineLimit: 0,
    // The polyfill would be an extra script for browsers this client does not run in anyway.
    modulePreload: { polyfill: false },
    // What every start needs comes as two files, not as thirty: one that changes with React, one with us.
    // What several of the later parts share comes as one more: the shell alone asked for thirty, most of them one icon.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "packages", tags: ["$initial"], test: /node_modules/, priority: 1 },
            { name: "start", tags: ["$initial"] },
            { name: "shared", test: /lucide-react|virtua|\/src\/(ui|parts|lib|i18n\/(attempt|locale)|media\/recorder|features\/(contacts\/Requests|groups\/JoinRequests|composer\/FileInput))/, minShareCount: 2 },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      "/api": backend,
      "/media": backend,
      "/ws": { target: backend.replace(/^http/, "ws"), ws: true },
    },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/test/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    testTimeout: 20_000,
    // As browsers get it: by itself vitest takes the one for Node.
    alias: { "tus-js-client": fileURLToPath(new URL("./node_modules/tus-js-client/lib.esm/browser/index.js", import.meta.url)) },
    server: { deps: { inline: ["tus-js-client"] } },
  },
});
