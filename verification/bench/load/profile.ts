import { Session } from "node:inspector/promises";
import type { Meter } from "./Meter.ts";

/** Whose code was running, by a share from 0 to 1, largest first. */
export type Shares = readonly (readonly [owner: string, share: number])[];

/** Ends of a stack's frame that belong to nobody. */
const IDLE = new Set(["(idle)", "(root)"]);

/**
 * Profiles `work` and says whose code ran while the meter measured. A sample belongs to the nearest frame of a file;
 * what Node does without any (HTTP's callbacks, compiling) is Node's own.
 */
export async function profile(meter: Meter, work: () => Promise<void>): Promise<Shares> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 200 });
  await session.post("Profiler.start");
  const windows: [number, number][] = [];
  meter.windows = windows;
  await work();
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();

  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const ownerOf = (leaf: number): string => {
    const name = nodes.get(leaf)?.callFrame.functionName ?? "";
    if (name === "(garbage collector)") return "garbage collector";
    for (let id: number | undefined = leaf; id !== undefined; id = parents.get(id)) {
      const owner = ownerOfFile(nodes.get(id)?.callFrame.url ?? "");
      if (owner) return owner;
    }
    return "node itself";
  };
  const found = new Map<string, number>();
  let time = profile.startTime;
  let window = 0;
  let total = 0;
  for (const [index, sample] of (profile.samples ?? []).entries()) {
    const took = profile.timeDeltas?.[index] ?? 0;
    time += took;
    while ((windows[window]?.[1] ?? Number.POSITIVE_INFINITY) < time) window++;
    if (time < (windows[window]?.[0] ?? Number.POSITIVE_INFINITY)) continue;
    if (IDLE.has(nodes.get(sample)?.callFrame.functionName ?? "")) continue;
    const owner = ownerOf(sample);
    found.set(owner, (found.get(owner) ?? 0) + took);
    total += took;
  }
  return [...found].map(([owner, took]) => [owner, took / total] as const).sort((a, b) => b[1] - a[1]);
}

function ownerOfFile(url: string): string | undefined {
  if (url === "" || url.startsWith("node:")) return undefined;
  const [, scope] = /node_modules\/(@?[^/]+)/.exec(url) ?? [];
  if (scope === "@aws-sdk" || scope === "@smithy" || scope === "@aws-crypto") return "AWS SDK";
  if (scope) return scope;
  return url.includes("/lib/") || url.includes("/functions/") ? "Vesper" : "the bench";
}
