import { existsSync, readFileSync } from "node:fs";
import * as v from "valibot";

/**
 * What a JSON file of the data folder holds; undefined where it is missing, cut short by a power loss, or of another shape, as
 * of another version. Whoever reads it can do without.
 */
export function readJson<Schema extends v.GenericSchema>(
  path: string,
  schema: Schema,
): v.InferOutput<Schema> | undefined {
  if (!existsSync(path)) return undefined;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), readFileSync(path, "utf8"));
  return parsed.success ? parsed.output : undefined;
}
