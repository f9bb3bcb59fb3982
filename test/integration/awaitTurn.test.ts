import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { awaitTurn } from "../../lib/operator/awaitTurn.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";

const CONVERSATION = "default/http/ann//";

describe("waiting for a turn", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    await harness.chat("hello", { messageId: "msg-1", sentAt: null });
  });
  afterEach(() => harness.stop());

  const wait = (messageId: string) =>
    awaitTurn(harness.services, CONVERSATION, { messageId }, harness.clock.now() + 1_000);

  it("finds one of a platform that does not say when a message was written", async () => {
    expect(await wait("msg-1")).toMatchObject({ turn: { text: "hello" } });
  });

  it("ends in time without one", async () => {
    expect(await wait("msg-2")).toBeUndefined();
  });
});
