import { existsSync } from "node:fs";
import { extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { StartSimulator } from "./PlatformSimulator.ts";

/** The sources' ending, or that of what they are compiled to. */
const ENDING = extname(import.meta.filename);

/** What starts the simulator of a kind of platform; undefined where there is none, as for one of a team's own. */
export async function findSimulator(kind: string): Promise<StartSimulator | undefined> {
  if (!/^[a-z][a-z0-9-]*$/.test(kind)) return undefined;
  const path = join(import.meta.dirname, kind, `simulator${ENDING}`);
  if (!existsSync(path)) return undefined;
  const { startSimulator }: { readonly startSimulator: StartSimulator } = await import(pathToFileURL(path).href);
  return startSimulator;
}
