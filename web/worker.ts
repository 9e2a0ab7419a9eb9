import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

import { build, type Plugin } from "vite";

/** Only for the camera, which without a network leads nowhere; and it is large. */
const LEFT_OUT = /\.wasm$|^\/sw\.js$|\/\./;

/**
 * Builds the service worker, `dist/sw.js`, once the client is built: one file with the list of
 * all others. Its name never changes and its text does with every version, which is how browsers
 * notice a new one.
 */
export function serviceWorker(): Plugin {
  let out = "";
  return {
    name: "service-worker",
    apply: (config, { command }) => command === "build" && !config.build?.lib,
    configResolved(config) {
      out = config.build.outDir;
    },
    closeBundle: {
      order: "post",
      sequential: true,
      async handler() {
        const files = filesOf(out);
        const hash = createHash("sha256");
        for (const path of files) hash.update(`${path}\0`).update(readFileSync(join(out, path)));
        const worker = await build({
          configFile: false,
          logLevel: "warn",
          resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
          define: {
            __FILES__: JSON.stringify(["/", ...files.filter((path) => path !== "/index.html" && !LEFT_OUT.test(path))]),
            __VERSION__: JSON.stringify(hash.digest("hex").slice(0, 16)),
          },
          build: {
            target: "es2022",
            write: false,
            copyPublicDir: false,
            lib: { entry: fileURLToPath(new URL("./src/worker/worker.ts", import.meta.url)), formats: ["iife"], name: "worker", fileName: "sw" },
          },
        });
        const [made] = (Array.isArray(worker) ? worker : [worker]).flatMap((one) => ("output" in one ? one.output : []));
        if (made?.type !== "chunk") throw new Error("The service worker was not built.");
        writeFileSync(join(out, "sw.js"), made.code);
      },
    },
  };
}

function filesOf(out: string): string[] {
  return readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => "/" + relative(out, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}
