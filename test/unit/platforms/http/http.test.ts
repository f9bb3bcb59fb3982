import { describe, expect, it } from "vitest";
import { SecretFormatError, WebhookError } from "../../../../lib/adapter/errors.ts";
import { secret } from "../../../../lib/adapter/options.ts";
import { testServices } from "../../../../lib/adapter/testing/testServices.ts";
import { http } from "../../../../lib/platforms/http/http.ts";
import { TEST_SECRET } from "../../../harness/webhookReceiver.ts";
import { httpCall } from "./httpCall.ts";

const NEW_SECRET = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;

const SAID = { conversation: "c-1", user: { id: "u-1" }, text: "Hello" };

const services = testServices({ OLD: TEST_SECRET, NEW: NEW_SECRET, BAD: "hunter2" });

const NOW = services.clock.now();

const platform = http({ secret: secret("OLD") }).create(services);

const receive = async (body: unknown, id?: string) => {
  const { messages, response } = await platform.receive(httpCall(body, id === undefined ? {} : { id }));
  expect(messages).toHaveLength(1);
  expect(response, "the gateway's own answer, 202").toBeUndefined();
  return messages[0];
};

const refusal = async (body: unknown, id?: string) => {
  const error = await platform
    .receive(httpCall(body, id === undefined ? {} : { id }))
    .catch((caught: unknown) => caught);
  if (error instanceof WebhookError) return error;
  throw new Error("expected a WebhookError", { cause: error });
};

describe("http, receiving a message,", () => {
  it("fills in the defaults of a message", async () => {
    expect(await receive(SAID, "msg_7")).toEqual({
      messageId: "msg_7",
      chat: { id: "c-1", type: "dm" },
      user: { id: "u-1" },
      role: "user",
      text: "Hello",
      origin: "chat",
      replyTo: "c-1",
    });
  });

  it("reads all that a message can have", async () => {
    const all = { ...SAID, user: { id: "u-1", name: "Zoë" }, role: "user", chatType: "group", origin: "scheduled" };
    expect(await receive({ ...all, sentAt: "2026-03-01T12:00:00+01:00" })).toMatchObject({
      sentAt: Date.parse("2026-03-01T11:00:00Z"),
      chat: { id: "c-1", type: "group" },
      user: { id: "u-1", name: "Zoë" },
      origin: "scheduled",
    });
  });

  it.each([
    [1_772_366_400_000, 1_772_366_400_000],
    ["2026-03-01T12:00:00Z", 1_772_366_400_000],
    ["2026-03-01T12:00:00.250Z", 1_772_366_400_250],
    [NOW + 60_000, NOW + 60_000],
  ])("reads the time %s", async (sentAt, time) => {
    expect(await receive({ ...SAID, sentAt })).toMatchObject({ sentAt: time });
  });

  it("W11 takes nothing for a command that the assistant or a schedule wrote", async () => {
    for (const changes of [{ role: "assistant" }, { origin: "scheduled" }]) {
      const message = await receive({ ...SAID, ...changes, text: "/reset" });
      expect(message).toMatchObject({ text: "/reset" });
      expect(message?.command).toBeUndefined();
    }
  });

  it("takes a message of the assistant without a user", async () => {
    const message = await receive({ conversation: "c-1", role: "assistant", text: "Good morning" });
    expect(message).toMatchObject({ role: "assistant", text: "Good morning" });
    expect(message?.user).toBeUndefined();
  });

  it("refuses a message that a queue would refuse", async () => {
    expect(await receive({ ...SAID, text: "a\ud800b\uFFFF" })).toMatchObject({ text: "a\uFFFDb\uFFFD" });
  });

  it("takes a message of 200,000 bytes", async () => {
    expect((await receive({ ...SAID, text: "x".repeat(200_000) }))?.text).toHaveLength(200_000);
    expect((await refusal({ ...SAID, text: "é".repeat(100_001) })).field).toBe("text");
  });
});

describe("http, given a body outside the contract,", () => {
  it("W6 refuses a user's message without a user, with the field", async () => {
    expect(await refusal({ conversation: "c-1", text: "Hello" })).toMatchObject({ status: 400, field: "user" });
  });

  const long = "x".repeat(257);
  it.each([
    ["conversation", { conversation: undefined }],
    ["conversation", { conversation: "" }],
    ["conversation", { conversation: 42 }],
    ["conversation", { conversation: long }],
    ["conversation", { conversation: "c\u0000" }],
    ["conversation", { conversation: "c\n1" }],
    ["conversation", { conversation: "c\ud800" }],
    ["user", { user: "u-1" }],
    ["user", { user: null }],
    ["user.id", { user: {} }],
    ["user.id", { user: { id: 7 } }],
    ["user.id", { user: { id: "" } }],
    ["user.id", { user: { id: long } }],
    ["user.name", { user: { id: "u-1", name: "" } }],
    ["user.nmae", { user: { id: "u-1", nmae: "Ana" } }],
    ["text", { text: undefined }],
    ["text", { text: "" }],
    ["text", { text: " \n" }],
    ["text", { text: ["Hello"] }],
    ["role", { role: "system" }],
    ["role", { role: null }],
    ["chatType", { chatType: "DM" }],
    ["origin", { origin: true }],
    ["origins", { origins: "chat" }],
    ["sentAt", { sentAt: "2026-03-01T12:00:00" }],
    ["sentAt", { sentAt: "2026-02-30T12:00:00Z" }],
    ["sentAt", { sentAt: "yesterday" }],
    ["sentAt", { sentAt: 1_772_366_400 }],
    ["sentAt", { sentAt: 1_772_366_400_000.5 }],
    ["sentAt", { sentAt: -1 }],
    ["sentAt", { sentAt: NOW + 60_001 }],
    ["sentAt", { sentAt: "9999-01-01T00:00:00Z" }],
  ])("refuses %s of %j, with the field", async (field, changes) => {
    const error = await refusal({ ...SAID, ...changes });
    expect(error).toMatchObject({ status: 400, field });
    expect(error.message).toContain(field);
  });

  it.each(["__proto__", "constructor", "toString"])("refuses an own key %s", async (key) => {
    const body = `{"conversation":"c-1","user":{"id":"u-1"},"text":"Hello","${key}":{}}`;
    expect(await refusal(body)).toMatchObject({ status: 400, field: key });
  });

  it("says in a sentence what was given and what is allowed", async () => {
    expect((await refusal({ ...SAID, role: 3 })).message).toBe('role is 3; it must be "user" or "assistant"');
    expect((await refusal({ ...SAID, user: undefined })).message).toMatch(
      /^user is missing; it must be an object such as/,
    );
  });

  it("repeats none of the user's words", async () => {
    for (const changes of [{ role: "my secret diary" }, { conversation: `my secret diary${long}` }]) {
      expect((await refusal({ ...SAID, ...changes })).message).not.toContain("diary");
    }
  });

  it.each(["", "x".repeat(257), "msg 1", "msg_é"])("refuses the webhook-id %j", async (id) => {
    const error = await refusal(SAID, id);
    expect([400, 401]).toContain(error.status);
    if (id !== "") expect(error).toMatchObject({ status: 400, field: "webhook-id" });
  });
});

it("parses nothing before the signature is verified", async () => {
  const call = { ...httpCall("not JSON"), body: Buffer.from("not JSON either") };
  await expect(platform.receive(call)).rejects.toMatchObject({ status: 401 });
});

it("verifies against the clock it is given", async () => {
  const later = testServices({ OLD: TEST_SECRET });
  later.clock.set(NOW + 86_400_000);
  const platform = http({ secret: secret("OLD") }).create(later);
  await expect(platform.receive(httpCall(SAID))).rejects.toMatchObject({ status: 401 });
  expect((await platform.receive(httpCall(SAID, { at: NOW + 86_400_000 }))).messages).toHaveLength(1);
});

it("takes the old and the new secret while it is being changed", async () => {
  const rotating = http({ secret: [secret("NEW"), secret("OLD")] }).create(services);
  for (const value of [TEST_SECRET, NEW_SECRET]) {
    expect((await rotating.receive(httpCall(SAID, { secret: value }))).messages).toHaveLength(1);
  }
});

it("leaves a secret of the wrong form to the operator, and does not show it", async () => {
  const error = await http({ secret: secret("BAD") })
    .create(services)
    .receive(httpCall(SAID))
    .catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(SecretFormatError);
  expect(String(error)).toContain("BAD");
  expect(String(error)).not.toContain("hunter2");
});

describe("http, given options,", () => {
  it("names the secrets of its options", () => {
    expect(http({ secret: [secret("NEW"), secret("OLD")] }).secrets()).toMatchObject([
      { secret: "NEW" },
      { secret: "OLD" },
    ]);
  });

  it.each([
    [{}, "secret"],
    [{ secret: "hunter2" }, "secret"],
    [{ secret: [] }, "secret"],
    [{ secret: secret("OLD"), replyUrl: "ftp://x" }, "replyUrl"],
    [{ secret: secret("OLD"), replyUrl: "https://user:pass@example.com" }, "replyUrl"],
  ])("refuses the options %j", (options, path) => {
    // @ts-expect-error wrong on purpose
    const problems = http(options).problems();
    expect(problems.map((problem) => problem.path[0])).toEqual([path]);
    expect(problems[0]?.message).not.toBe("Invalid input");
  });

  it("refuses unknown keys", () => {
    // @ts-expect-error wrong on purpose
    expect(http({ secret: secret("OLD"), replyURL: "https://example.com" }).problems()).toEqual([
      { path: ["replyURL"], message: "not a known option; leave it out" },
    ]);
  });
});
