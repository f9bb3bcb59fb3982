import { afterEach, expect, it } from "vitest";
import type { FunctionPool } from "../../../local/functions/FunctionPool.ts";
import type { Poller } from "../../../local/Poller.ts";
import { startSchedules } from "../../../local/schedules/startSchedules.ts";
import { Names } from "../../../local/template/Names.ts";
import { parseTemplate } from "../../../local/template/Template.ts";
import { functionId, gatewayTemplate } from "../../cdk/gatewayTemplate.ts";

let pollers: readonly Poller[] = [];
afterEach(async () => {
  await Promise.all(pollers.map((poller) => poller.stop()));
});

it("calls the expiry function for every schedule of the template: each part's sweep, and retention", () => {
  // GIVEN the template of a gateway with four sweeps, and a function that writes down what it is called with
  const template = gatewayTemplate({ sweeps: 4 });
  const names = new Names("Test");
  const arn = "arn:aws:lambda:us-east-1:000000000000:function:expiry";
  names.add(functionId(template, "expiry"), "expiry", { Arn: arn });
  const calls: unknown[] = [];
  const pool: Pick<FunctionPool, "invoke"> = { invoke: async (event) => calls.push(event) };
  const functions = new Map([[arn, pool as FunctionPool]]);

  // WHEN they start
  pollers = startSchedules({
    template: parseTemplate(template.toJSON()),
    names,
    functions,
    onError: (_name, error) => expect.fail(String(error)),
  });

  // THEN
  expect(calls).toHaveLength(5);
  expect(calls).toEqual(
    expect.arrayContaining([...[0, 1, 2, 3].map((part) => ({ type: "sweep", part, of: 4 })), { type: "retention" }]),
  );
});
