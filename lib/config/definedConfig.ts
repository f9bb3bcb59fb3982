import { adapterInWords } from "../adapter/Adapter.ts";
import { truncate } from "../adapter/text/truncate.ts";
import { VesperError } from "../domain/VesperError.ts";
import type { Config } from "./Config.ts";

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

/** A value in words; of an object its keys alone, as a secret may stand in it. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "function") return "a function that is not called";
  if (typeof value === "string") return truncate(JSON.stringify(value), 80);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value !== "object" || value === null) return String(value);
  const adapter = adapterInWords(value);
  if (adapter !== undefined) return truncate(adapter, 80);
  const keys = Object.keys(value);
  return keys.length > 0 ? truncate(`an object with ${keys.join(", ")}`, 80) : "an empty object";
}
