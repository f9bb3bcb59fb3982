import { createHash } from "node:crypto";

/** A secret of its own for each name, of a form that most platforms and every provider take. */
export function plantedSecret(name: string): string {
  return `whsec_${createHash("sha256").update(name).digest("hex")}`;
}
