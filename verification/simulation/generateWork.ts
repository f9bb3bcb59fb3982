import type { FaultRates } from "./Faults.ts";
import { Random } from "./Random.ts";
import type { Scenario } from "./Scenario.ts";

/**
 * Whether `crm` only accepts sessions in a scenario, and how it fails at them. Drawn apart, so that the rest of a scenario is as
 * it was before there was such a provider.
 */
export function works(
  seed: string,
  variants: Scenario["variants"],
): { readonly variants: Scenario["variants"]; readonly rates: FaultRates } {
  const random = new Random(`works/${seed}`);
  if (!random.chance(0.3)) return { variants, rates: {} };
  // Now and then the name stands for another adapter later.
  const isKept = random.chance(0.8);
  const [first, ...others] = variants;
  return {
    variants: [{ ...first, accepts: true }, ...others.map((other) => (isKept ? { ...other, accepts: true } : other))],
    rates: random.chance(0.5) ? {} : rates(random),
  };
}

function rates(random: Random): FaultRates {
  return {
    ...(random.chance(0.5) ? { providerWorkFails: 0.6 * random.next() } : {}),
    ...(random.chance(0.4) ? { providerLoses: 0.4 * random.next() } : {}),
    ...(random.chance(0.3) ? { providerWorksLong: 0.4 * random.next() } : {}),
  };
}
