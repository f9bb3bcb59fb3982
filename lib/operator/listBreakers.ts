import { type Breaker, breakerSchema } from "../domain/Breaker.ts";
import type { Services } from "../services/Services.ts";
import { breakerItem } from "../store/keys.ts";
import { type ParsedRows, readRows } from "./readRows.ts";

/** The breakers of these providers, by name in the config. One that has never failed has none: it is closed. */
export function listBreakers(
  services: Pick<Services, "table" | "clock" | "random">,
  providers: readonly string[],
): Promise<ParsedRows<Breaker>> {
  return readRows(
    services,
    providers.map((provider) => breakerItem(provider)),
    breakerSchema,
  );
}
