import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EndedSession, ProviderCall } from "../../lib/adapter/MemoryProvider.ts";
import { failureOf } from "../../lib/adapter/testing/failureOf.ts";
import { memoryProviderConformance } from "../../lib/adapter/testing/memoryProviderConformance.ts";
import { callOf, endedSession, sessionSaying } from "../../lib/adapter/testing/sessions.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { sha256 } from "../../lib/domain/ids.ts";
import { eventbridge } from "../../lib/memory/eventbridge/eventbridge.ts";
import { type EventBridgeFake, startEventBridgeFake } from "../harness/eventBridgeFake.ts";

function providerOf({ url, bus, bucket }: EventBridgeFake, hasBucket = true) {
  const services = testServices();
  const options = hasBucket ? { bus, bucket } : { bus };
  return eventbridge(options).create({ ...services, aws: { ...services.aws, endpoint: url } });
}

memoryProviderConformance(
  { describe, it },
  "eventbridge",
  async () => {
    const server = await startEventBridgeFake();
    return {
      provider: providerOf(server),
      stored: async () => structuredClone({ events: server.events, objects: Object.fromEntries(server.objects) }),
      server,
      secrets: [],
      close: () => server.close(),
    };
  },
  { server: true, idempotency: "none", recall: false, forget: false },
);

describe("eventbridge", () => {
  let server: EventBridgeFake;
  beforeEach(async () => {
    server = await startEventBridgeFake();
  });
  afterEach(() => server.close());

  const end = (session: EndedSession, hasBucket = true, changes: Partial<ProviderCall> = {}) =>
    providerOf(server, hasBucket).onSessionEnd(session, callOf(session, changes));

  it("W1 W9 puts the whole session into an event, with its tenant, its ids and the delivery key", async () => {
    const receipt = await end(endedSession());
    const { id, detail, ...event } = server.events[0] ?? { id: "", detail: {} };
    expect(event).toEqual({
      ...{ bus: "sessions", source: "vesper", type: "SessionEnded" },
      time: Date.parse("2026-03-01T13:00:00Z") / 1_000,
    });
    expect(detail).toEqual({
      ...{ v: 1, deliveryKey: "key-of-acme-01JNB0Z8E8M3T2V6Q4W9R7K5XA", tenant: "acme" },
      ...{ session: "01JNB0Z8E8M3T2V6Q4W9R7K5XA", conversation: "http/dm/c-1", platform: "http" },
      ...{ chat: { id: "c-1", type: "dm" }, users: [{ id: "u-ana", name: "Ana" }], reason: "idle" },
      ...{ startedAt: "2026-03-01T12:00:00.000Z", endedAt: "2026-03-01T13:00:00.000Z", turns: 1 },
      messages: [
        {
          ...{ role: "user", content: "My name is Ana and I live in Lisbon." },
          ...{ author: { id: "u-ana", name: "Ana" }, at: "2026-03-01T12:00:00.000Z" },
        },
        { role: "assistant", content: "Nice to meet you!", at: "2026-03-01T12:00:01.000Z" },
      ],
    });
    expect(receipt).toEqual({ id, body: "an event on sessions, whole" });
  });

  it("D4 gives every attempt the same detail, so that a consumer drops the second by its delivery key", async () => {
    server.failNext(1, "lost-ack");
    await failureOf(end(endedSession()));
    await end(endedSession(), true, { attempt: 2 });
    const [first, second, ...others] = server.events;
    expect(second?.detail).toEqual(first?.detail);
    expect(others).toEqual([]);
  });

  const long = sessionSaying("👩‍👩‍👧 نور 李 ".repeat(12_000));

  it("T16 T17 stores what is too large for a target in the bucket, every character, and says in the event where", async () => {
    const receipt = await end(long);
    const [key = "", object = ""] = [...server.objects][0] ?? [];
    expect(JSON.parse(object).messages[0].content).toBe(long.messages[0]?.content);
    const { detail: { detail, messages, ...facts } = {} } = server.events[0] ?? {};
    expect(detail).toEqual({
      ...{ bucket: "acme-sessions", key, bytes: Buffer.byteLength(object), sha256: sha256(object).toString("hex") },
    });
    expect([key, messages]).toEqual([`vesper/key-of-acme-${long.session}.json`, undefined]);
    expect(JSON.parse(object)).toMatchObject(facts);
    expect(receipt.body).toBe(`an event on sessions, whole in s3://acme-sessions/${key}`);
  });

  it("replaces the object of an earlier attempt, so that no words of somebody who was erased stay in it", async () => {
    server.passNext(1);
    server.failNext(1, 503);
    await failureOf(end(long));
    const rest = sessionSaying("other words ".repeat(30_000));
    await end(rest);
    expect([...server.objects.values()].map((object) => JSON.parse(object).messages[0].content)).toEqual([
      rest.messages[0]?.content,
    ]);
  });

  it("sends no event of a session that could not be stored, and knows it", async () => {
    const body = "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>";
    server.failNext(1, { status: 503, headers: { "content-type": "application/xml" }, body });
    const failure = await failureOf(end(long));
    expect(failure).toMatchObject({ kind: "transient", status: 503, outcome: "not-sent" });
    expect(failure.message).toBe("S3 answered SlowDown");
    expect(server.events).toEqual([]);
  });

  it("sends whole what the bus takes where there is no bucket, and refuses what it does not, with what to do", async () => {
    await end(sessionSaying("a".repeat(990_000)), false);
    expect(JSON.stringify(server.events).length).toBeGreaterThan(990_000);
    expect(await failureOf(end(sessionSaying("a".repeat(1_000_000)), false))).toMatchObject({
      ...{ kind: "invalid", retry: false, outcome: "not-sent" },
      message: "the session's event has 1001KB, and the bus takes 999KB; name a bucket in the config, and redrive",
    });
  });

  it.each([
    ["InternalFailure", "transient", true],
    ["ThrottlingException", "throttled", true],
    ["NotAuthorizedForSourceException", "auth", false],
    ["MalformedDetail", "invalid", false],
    ["RedactionFailure", "transient", true],
  ] as const)("L9 takes an entry that was refused with %s inside a 200 as failed", async (code, kind, retry) => {
    server.refuseNext(code);
    const failure = await failureOf(end(endedSession()));
    expect(failure).toMatchObject({ kind, retry, outcome: "rejected" });
    expect(failure.message).toBe(`EventBridge has not taken the event: ${code}`);
  });

  it("takes an answer without an event's id as an unknown outcome", async () => {
    server.failNext(1, { status: 200, headers: { "content-type": "application/x-amz-json-1.1" }, body: "{}" });
    expect(await failureOf(end(endedSession()))).toMatchObject({ kind: "transient", outcome: "unknown" });
  });

  it("may put events on its bus and objects into its folder, in the session-end function alone", () => {
    const put = {
      actions: ["events:PutEvents"],
      resources: [{ service: "events", resource: "event-bus/sessions" }],
      only: "session-end",
    };
    expect(eventbridge({ bus: "sessions" }).grants()).toEqual([put]);
    const objects = { service: "s3", resource: "acme-sessions/vesper/*", region: "", account: "" };
    expect(eventbridge({ bus: "sessions", bucket: "acme-sessions" }).grants()).toEqual([
      put,
      { actions: ["s3:PutObject"], resources: [objects], only: "session-end" },
    ]);
  });

  it("refuses an ARN for a bus and an address for a bucket, and says what is allowed", () => {
    const bus = "arn:aws:events:eu-west-1:123456789012:event-bus/sessions";
    expect(eventbridge({ bus, bucket: "s3://acme" }).problems()).toEqual([
      { path: ["bus"], message: expect.stringContaining("the name of an event bus") },
      { path: ["bucket"], message: expect.stringContaining("the name of an S3 bucket") },
    ]);
  });
});
