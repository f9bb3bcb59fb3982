import { NewerVersion } from "./NewerVersion.ts";
import { VERSION } from "./version.ts";

/** Makes sure that this code understands an item or a job, by its `v`. @throws NewerVersion */
export function checkVersion(value: unknown): void {
  if (typeof value !== "object" || value === null || !("v" in value)) return;
  if (typeof value.v === "number" && value.v > VERSION) throw new NewerVersion(value.v);
}
