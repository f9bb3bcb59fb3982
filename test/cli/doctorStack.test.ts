import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CliHarness } from "./cliHarness.ts";
import { failuresOf, startDoctorHarness } from "./doctorHarness.ts";

describe("vesper doctor on the stack", () => {
  let cliHarness: CliHarness;
  beforeEach(async () => {
    cliHarness = await startDoctorHarness();
  });
  afterEach(() => cliHarness.stop());

  const failures = () => failuresOf(cliHarness);

  it("finds what is wrong with the stack and its schedules", async () => {
    const { aws } = cliHarness;
    aws.schedules.set("Sweep-1", "DISABLED").delete("Retention-1");
    const stack = aws.stacks.get("Test");
    if (stack) stack.status = "UPDATE_ROLLBACK_COMPLETE";
    expect(await failures()).toEqual([
      expect.stringMatching(/^stack: Test in eu-west-1, UPDATE_ROLLBACK_COMPLETE: .*deploy again$/),
      expect.stringMatching(/^sweep schedule: Sweep-1 is DISABLED: enable it/),
      expect.stringMatching(/^retention schedule: Retention-1 is gone: /),
    ]);
    cliHarness.reset();
    Object.assign(aws.stacks.get("Test")?.outputs ?? {}, { SweepScheduleName: "Sweep-1,Sweep-2,Sweep-3" });
    aws.schedules.set("Sweep-2", "ENABLED");
    expect(await failures()).toEqual([expect.stringMatching(/^sweep schedule: Sweep-3 is gone: /)]);
    delete aws.stacks.get("Test")?.outputs.SweepScheduleName;
    expect(await failures()).toEqual([
      "sweep schedule: the stack has no output SweepScheduleName: deploy it with npx cdk deploy",
    ]);
    aws.stacks.clear();
    expect(await failures()).toEqual([expect.stringMatching(/^stack: no stack "Test" in eu-west-1: /)]);
  });

  it("finds an event source mapping that is not enabled, and one that is not there", async () => {
    const { mappings } = cliHarness.aws;
    const builtin = mappings.get("uuid-builtin");
    if (builtin) builtin.State = "Disabled";
    mappings.delete("uuid-stream");
    expect(await failures()).toEqual([
      "session-end sources: the event source mapping of SessionEnd-builtin is Disabled: " +
        "aws lambda update-event-source-mapping --enabled --uuid uuid-builtin",
      "expiry sources: 1 event source mappings of 2: somebody deleted one; deploy again",
    ]);
    cliHarness.reset();
    const inbound = mappings.get("uuid-inbound");
    if (inbound) inbound.State = "Updating";
    expect(await failures()).toEqual([]);
    delete cliHarness.aws.stacks.get("Test")?.outputs.MessageFunctionName;
    expect(await failures()).toEqual([
      "event sources: the stack has no output MessageFunctionName: deploy it with npx cdk deploy",
    ]);
  });

  it("says when what the queues' mappings may call at once does not fit the account's concurrency", async () => {
    const { account, mappings } = cliHarness.aws;
    // 100, three times 50 and two, and room for webhook and sweeps.
    account.UnreservedConcurrentExecutions = 256;
    expect(await failures()).toEqual([]);
    account.UnreservedConcurrentExecutions = 255;
    expect(await failures()).toEqual([
      expect.stringMatching(
        /^concurrency: the queues' mappings call up to 252 functions at once, and 255 of the account's 1000 are not reserved, of which 4 must be left for webhook and sweeps: ask for a higher quota/,
      ),
    ]);
    cliHarness.reset();
    delete mappings.get("uuid-crm")?.ScalingConfig;
    expect(await failures()).toEqual([
      "concurrency: the event source mapping of SessionEnd-crm has no maximum concurrency, so that it may stop all others: deploy again",
    ]);
  });

  it("says when a function is switched off, or has fewer executions of its own than it may need", async () => {
    const { reserved } = cliHarness.aws;
    reserved.set("Test-Webhook", 0).set("Test-Message", 99).set("Test-Expiry", 4);
    expect(await failures()).toEqual([
      "webhook concurrency: 0 executions are reserved for it, so that it is switched off: " +
        "aws lambda delete-function-concurrency --function-name Test-Webhook, or reserve 2 or more",
      "message concurrency: 99 executions are reserved for it, and it may need 100: " +
        "aws lambda delete-function-concurrency --function-name Test-Message, or reserve 100 or more",
    ]);
    reserved.set("Test-Webhook", 2).set("Test-Message", 100).set("Test-Expiry", 3);
    expect(await failures()).toEqual([expect.stringMatching(/^expiry concurrency: 3 executions .* may need 4: /)]);
  });

  it("does not count what has executions of its own: webhook, and the expiry function with its visits", async () => {
    const { account, reserved, stacks } = cliHarness.aws;
    reserved.set("Test-Webhook", 50);
    account.UnreservedConcurrentExecutions = 254;
    expect(await failures()).toEqual([]);
    account.UnreservedConcurrentExecutions = 253;
    expect(await failures()).toEqual([
      expect.stringMatching(
        /^concurrency: the queues' mappings call up to 252 functions at once, and 253 of the account's 1000 are not reserved \(50 for webhook are, and not counted\), of which 2 must be left for sweeps: ask for a higher quota/,
      ),
    ]);
    reserved.set("Test-Expiry", 14);
    account.UnreservedConcurrentExecutions = 250;
    expect(await failures()).toEqual([]);
    account.UnreservedConcurrentExecutions = 249;
    expect(await failures()).toEqual([
      expect.stringMatching(
        /^concurrency: .* 250 functions .* \(50 for webhook and 14 for expiry are, .*\): ask for a/,
      ),
    ]);
    reserved.delete("Test-Webhook");
    expect(await failures()).toEqual([expect.stringMatching(/, of which 2 must be left for webhook: ask/)]);
    cliHarness.reset();
    delete stacks.get("Test")?.outputs.WebhookFunctionName;
    expect(await failures()).toEqual([
      "event sources: the stack has no output WebhookFunctionName: deploy it with npx cdk deploy",
    ]);
  });
});
