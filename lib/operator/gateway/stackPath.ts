import { join } from "node:path";

/** Where a gateway that runs on this machine says so, as `npm start` decides it. */
export function stackPath(env: Readonly<Record<string, string | undefined>>): string {
  return join(env.VESPER_DATA || ".vesper", "stack.json");
}
