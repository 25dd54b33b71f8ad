// Ends the build of the front end: finish.mjs FOLDER
// Fails if a WebAssembly module in the folder is not valid, and writes a brotli-compressed twin beside every text and module.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const compressible = /\.(css|js|json|svg|txt|wasm|webmanifest)$/;
const folder = process.argv[2];

for (const name of readdirSync(folder).filter((name) => compressible.test(name) && name !== "manifest.json")) {
  const bytes = readFileSync(join(folder, name));
  if (name.endsWith(".wasm") && !WebAssembly.validate(bytes)) {
    console.error(`web: ${name} is not a valid WebAssembly module`);
    process.exit(1);
  }
  const compressed = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  writeFileSync(join(folder, `${name}.br`), compressed);
}
