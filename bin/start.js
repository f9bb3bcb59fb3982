// What `npm start` runs. Plain JavaScript, so that the types of all the rest are erased from the cache: see bin/vesper.js.
import module from "node:module";
import { fileURLToPath } from "node:url";

module.enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/vesper", import.meta.url)));
await import("../local/start.ts");
