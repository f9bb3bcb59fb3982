import type { World } from "./World.ts";

/** At that moment (ISO 8601) the minute's schedule runs, and everything that follows from it. */
export async function sweepAt(world: World, time: string): Promise<void> {
  world.goTo(time);
  await world.sweep();
  await world.settle();
}
