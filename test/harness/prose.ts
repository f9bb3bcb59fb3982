import { readFileSync } from "node:fs";

/** Plain English as people and agents write it, kilobytes of it. */
export const PROSE = readFileSync(new URL("../../docs/design/guarantees.md", import.meta.url), "utf8")
  .replaceAll(/[#`|*]/g, "")
  .replaceAll(/\s+/g, " ")
  .trim();
