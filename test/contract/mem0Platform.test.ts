import { describe, expect, it } from "vitest";
import { DeliveryError } from "../../lib/adapter/errors.ts";
import { failureOf } from "../../lib/adapter/testing/failureOf.ts";
import { callOf, endedSession, recallQuery } from "../../lib/adapter/testing/sessions.ts";
import type { Json } from "../../lib/domain/json.ts";
import { mem0 } from "../../lib/memory/mem0/mem0.ts";
import { withTimeout } from "../../lib/runtime/async.ts";
import { startMem0Fake } from "../harness/mem0Fake.ts";
import { groupSession, providerOf } from "./mem0Session.ts";
import { vendorSpec } from "./vendorSpec.ts";

describe("mem0, the platform", () => {
  it("leaves the service at work for a minute when nobody knows what became of a call", async () => {
    const server = await startMem0Fake("platform");
    server.hold();
    const provider = providerOf(server, "platform");
    const end = (attempt: number) => provider.onSessionEnd(endedSession(), callOf(endedSession(), { attempt }));
    server.failNext(1, "lost-ack");
    expect(await failureOf(end(1))).toMatchObject({ kind: "transient", retryAfter: 60_000 });
    server.finish();
    await end(2);
    await server.close();
    expect(server.memories).toHaveLength(1);
  });

  it("leaves the service at work for a minute when it does not answer in time, as the gateway cuts a call off", async () => {
    const server = await startMem0Fake("platform");
    server.setMode("hang");
    const late = new DeliveryError("timeout", "late");
    const failure = failureOf(
      withTimeout(400, late, (signal) =>
        providerOf(server, "platform").onSessionEnd(endedSession(), callOf(endedSession(), { timeout: 400, signal })),
      ),
    );
    expect(await failure).toMatchObject({ kind: "timeout", outcome: "unknown", retryAfter: 60_000 });
    await server.close();
  });

  it("says in its receipt which event is at work", async () => {
    const server = await startMem0Fake("platform");
    const receipt = await providerOf(server, "platform").onSessionEnd(endedSession(), callOf(endedSession()));
    await server.close();
    const id = "10000000-0000-4000-8000-000000000001";
    expect(receipt).toEqual({
      id,
      accepted: { done: [{ key: expect.stringMatching(/^[0-9a-f]{32}$/), event: id }] },
      body: expect.stringMatching(/^2 messages of 2, for u-ana-[0-9a-f]{16}$/),
    });
  });

  it("adds again what failed alone, without a look for what it left, and asks for that alone", async () => {
    const server = await startMem0Fake("platform");
    const provider = providerOf(server, "platform");
    const session = groupSession();
    let checkpoint: Json | undefined;
    const saveCheckpoint = async (value: Json) => {
      checkpoint = JSON.parse(JSON.stringify(value));
    };
    const call = (attempt: number) => callOf(session, { attempt, checkpoint, saveCheckpoint });
    server.hold();
    const { accepted = null } = await provider.onSessionEnd(session, call(1));
    server.fail();
    const answer = await provider.confirm?.(accepted, call(1));
    expect(answer).toMatchObject({ outcome: "failed", error: { kind: "transient", body: "no model for you" } });
    expect(answer?.outcome === "failed" && answer.error.message).not.toContain("model");
    expect(checkpoint).toMatchObject({ done: [], failed: [expect.any(String), expect.any(String)] });

    const before = server.requests.length;
    const again = await provider.onSessionEnd(session, call(2));
    expect(server.requests.slice(before).map(({ path }) => path)).toEqual(Array(2).fill("/v3/memories/add/"));
    server.finish();
    expect(await provider.confirm?.(again.accepted ?? null, call(2))).toEqual({ outcome: "stored", receipt: {} });
    await server.close();
    expect(server.memories.map(({ memory }) => memory)).toEqual(["I like tea.", "I like coffee."]);
  });

  it("asks for the event of an addition that an attempt had made before it died", async () => {
    const server = await startMem0Fake("platform");
    const provider = providerOf(server, "platform");
    const session = groupSession();
    let checkpoint: Json | undefined;
    const saveCheckpoint = async (value: Json) => {
      checkpoint = JSON.parse(JSON.stringify(value));
    };
    server.hold();
    server.passNext(1);
    server.failNext(1, 503);
    await failureOf(provider.onSessionEnd(session, callOf(session, { saveCheckpoint })));
    const { accepted } = await provider.onSessionEnd(
      session,
      callOf(session, { attempt: 2, checkpoint, saveCheckpoint }),
    );
    await server.close();
    expect(accepted).toMatchObject({ done: [{ event: expect.any(String) }, { event: expect.any(String) }] });
  });

  it("has nothing to ask for when it has found all that it would have added", async () => {
    const server = await startMem0Fake("platform");
    const provider = providerOf(server, "platform");
    await provider.onSessionEnd(endedSession(), callOf(endedSession()));
    const receipt = await provider.onSessionEnd(endedSession(), callOf(endedSession(), { attempt: 2 }));
    await server.close();
    expect(receipt).not.toHaveProperty("accepted");
  });

  const spec = vendorSpec("mem0");
  it.skipIf(!spec)("asks as Mem0's own description says, where that lies beside the checkout", async () => {
    const server = await startMem0Fake("platform");
    const provider = providerOf(server, "platform");
    const { accepted = null } = await provider.onSessionEnd(endedSession(), callOf(endedSession()));
    await provider.confirm?.(accepted, callOf(endedSession()));
    await provider.onSessionEnd(endedSession(), callOf(endedSession(), { attempt: 2 }));
    const query = recallQuery({ text: "", limit: 3 });
    await provider.recall?.(query, AbortSignal.timeout(2_000));
    await server.close();
    expect(server.requests.map(({ path }) => path)).toHaveLength(4);
    expect(server.requests.flatMap((request) => spec?.(request) ?? [])).toEqual([]);
  });

  it("needs a key, and a server of one's own an address", () => {
    const problemsOf = (options: Parameters<typeof mem0>[0]) =>
      mem0(options)
        .problems()
        .map(({ message }) => message);
    expect(problemsOf({})).toEqual([expect.stringContaining("only a server that you host may do without")]);
    expect(problemsOf({ api: "server" })).toEqual(["a server that you host needs its url, too"]);
    expect(problemsOf({ api: "server", url: "http://mem0.internal:8888" })).toEqual([]);
  });
});
