import { createHash } from "node:crypto";

/** A secret of its own for each name, of a form that every platform and provider takes. */
export function plantedSecret(name: string): string {
  return `whsec_${createHash("sha256").update(name).digest("hex")}`;
}
