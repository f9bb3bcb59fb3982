import { expect, it } from "vitest";
import { provenProviders } from "../../scripts/provenProviders.ts";
import { fillPromise, fillTable } from "../../scripts/providerTables.ts";

/** A call of the suite, as a contract test has it; its name is put together, so that this file proves nothing. */
const callOf = (name: string, has: string) =>
  `${"memoryProvider"}Conformance(\n  { describe, it },\n  "${name}",\n  async () => ({ server: 1 }),\n  { ${has} },\n);\n`;

const PLAIN = callOf("notes", 'server: true, idempotency: "upsert", recall: true, forget: false');
const VARIANTS =
  callOf("wiki, the service", 'server: true, idempotency: "none", recall: true, forget: true, confirm: true') +
  callOf("wiki, one of yours", 'server: true, idempotency: "read-back", recall: true, forget: true');

it("reads what the suite is told of each provider, whatever the layout of the call", () => {
  const short = PLAIN.replace(/\n */g, "").replace("{ server: true", "{\n  server: true");
  for (const source of [PLAIN, short]) {
    expect(provenProviders(source)).toEqual([
      { kind: "notes", idempotency: "upsert", recall: true, forget: false, confirm: false },
    ]);
  }
  expect(provenProviders(VARIANTS)).toMatchObject([
    { kind: "wiki", variant: "the service", idempotency: "none", confirm: true },
    { kind: "wiki", variant: "one of yours", idempotency: "read-back", confirm: false },
  ]);
});

it("fills in a row what is proven, each variant where they differ, and leaves what people wrote", () => {
  const page = "| `notes({ … })` | a drawer | old | old | old | old |\n| `wiki({ … })` | a shelf | - | - | - | - |\n";
  const filled = fillTable(page, provenProviders(PLAIN + VARIANTS));
  expect(filled.problems).toEqual([]);
  expect(filled.page.split("\n")).toEqual([
    "| `notes({ … })` | a drawer | has no second effect, not even at once: it writes what is there already " +
      "| it has acknowledged | to the same tenant, user and group alone | no |",
    "| `wiki({ … })` | a shelf | the service: comes a second time; one of yours: is looked for before it is stored again " +
      "| the service: it is stored, for which it is asked later; one of yours: it has acknowledged " +
      "| to the same tenant, user and group alone | that user alone |",
    "",
  ]);
  expect(fillTable(filled.page, provenProviders(PLAIN + VARIANTS)).page).toBe(filled.page);
});

it("demands a row for what is proven, and a contract test for a row", () => {
  const page = "| `notes({ … })` | a drawer | - | - | - | - |\n";
  expect(fillTable(page, provenProviders(VARIANTS)).problems).toEqual([
    "docs/start/memory.md has no row for wiki",
    "notes has a row, but no contract test",
  ]);
});

it("promises exactly once only where every variant has it", () => {
  const page = "takes an idempotency key or an upsert (`wiki`) and is found to have it (`notes`)";
  const other = callOf("wiki, another", 'server: true, idempotency: "upsert", recall: true, forget: true');
  expect(fillPromise(page, provenProviders(PLAIN + other + VARIANTS)).page).toBe(
    "takes an idempotency key or an upsert (`notes`) and is found to have it ()",
  );
  expect(fillPromise("", []).problems).toEqual([
    'README.md does not say "takes an idempotency key or an upsert (…)"',
    'README.md does not say "is found to have it (…)"',
  ]);
});
