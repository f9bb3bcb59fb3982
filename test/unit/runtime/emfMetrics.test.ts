import { expect, it } from "vitest";
import { emfMetrics } from "../../../lib/runtime/embeddedMetrics.ts";

const clock = { now: () => 1_772_445_600_000, until: async () => {} };

it.each([
  ["for the gateway", undefined, [["Gateway"]], {}],
  ["for a reason", { Reason: "idle" }, [["Gateway", "Reason"]], { Reason: "idle" }],
  ["with a provider, which is no metric of its own", { Provider: "crm" }, [["Gateway"]], { Provider: "crm" }],
])("writes a metric in one line of CloudWatch's embedded format, %s", (_, by, Dimensions, fields) => {
  const lines: string[] = [];
  emfMetrics(clock, "vesper", (line) => lines.push(line)).put("HookDead", 1, "Count", by);
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      _aws: {
        Timestamp: 1_772_445_600_000,
        CloudWatchMetrics: [{ Namespace: "Vesper", Dimensions, Metrics: [{ Name: "HookDead", Unit: "Count" }] }],
      },
      Gateway: "vesper",
      ...fields,
      HookDead: 1,
    },
  ]);
});
