import { type Breaker, breakerSchema } from "../hooks/Breaker.ts";
import { breakerItem } from "../runtime/keys.ts";
import type { Services } from "../runtime/Services.ts";
import type { ParsedRows } from "./parseRows.ts";
import { readRows } from "./readRows.ts";

/** The breakers of these providers, by name in the config. One that has never failed has none: it is closed. */
export function listBreakers(
  { table }: Pick<Services, "table">,
  providers: readonly string[],
): Promise<ParsedRows<Breaker>> {
  return readRows(
    table,
    providers.map((provider) => breakerItem(provider)),
    breakerSchema,
  );
}
