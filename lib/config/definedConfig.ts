import { VesperError } from "../runtime/VesperError.ts";
import type { Config } from "./Config.ts";
import { show } from "./show.ts";

/**
 * What `defineConfig` leaves on its result. Of the registry, so that it is the same in a bundle, in a thread and beside a
 * second copy of this module; not enumerable, so that no copy by spread or by JSON has it.
 */
const DEFINED = Symbol.for("vesper.config.defined");

/** Marks what `defineConfig` has checked, and makes it final: what is changed behind its back would be unchecked. */
export function markDefined(config: Config): Config {
  const { agent: _, platforms, memory, ...plain } = config;
  // Adapters are the team's own objects.
  for (const part of [platforms, memory]) Object.freeze(part);
  freeze(plain);
  return Object.freeze(Object.defineProperty(config, DEFINED, { value: true }));
}

/**
 * The config, once it is certain that `defineConfig` has made it: a function must not start with anything else.
 *
 * @param file which file it is from
 * @throws NotDefined for any other value, a copy of such a config included
 */
export function definedConfig(value: unknown, file = "the config"): Config {
  if (isDefined(value)) return value;
  throw new NotDefined(file, value);
}

function isDefined(value: unknown): value is Config {
  return typeof value === "object" && value !== null && Object.hasOwn(value, DEFINED);
}

function freeze(value: object): void {
  for (const inner of Object.values(value)) if (typeof inner === "object" && inner !== null) freeze(inner);
  Object.freeze(value);
}

/** Something stands where what `defineConfig` makes must be. Says what is in it, never its values. */
class NotDefined extends VesperError {
  override readonly name = "NotDefined";
  readonly retry = false;
  constructor(file: string, given: unknown) {
    super(
      `${file} must end in "export default defineConfig({ … })"; given ${show(given)}; each change goes inside the brackets`,
    );
  }
}
