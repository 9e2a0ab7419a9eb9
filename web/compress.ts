import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import type { Plugin } from "vite";

/** Pictures, fonts and sound are packed already. */
const PACKABLE = /\.(?:css|html|js|json|svg|txt|wasm|webmanifest)$/;
/** A smaller file gains nothing. */
const LEAST_BYTES = 1_000;

/** Writes a `.br` and a `.gz` beside each built file that gets smaller by it; WhiteNoise serves them as they are. */
export function compress(): Plugin {
  let out = "";
  return {
    name: "compress",
    apply: (config, { command }) => command === "build" && !config.build?.lib,
    configResolved(config) {
      out = config.build.outDir;
    },
    closeBundle: {
      order: "post",
      sequential: true,
      handler() {
        for (const entry of readdirSync(out, { recursive: true, withFileTypes: true })) {
          if (!entry.isFile() || !PACKABLE.test(entry.name)) continue;
          const path = join(entry.parentPath, entry.name);
          const plain = readFileSync(path);
          if (plain.length < LEAST_BYTES) continue;
          writeFileSync(`${path}.gz`, gzipSync(plain, { level: constants.Z_BEST_COMPRESSION }));
          writeFileSync(`${path}.br`, brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } }));
        }
      },
    },
  };
}
