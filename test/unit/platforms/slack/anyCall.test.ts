import fc from "fast-check";
import { expect, it } from "vitest";
import { commandBody, eventBody } from "../../../../emulators/platforms/slack/slackCalls.ts";
import { WebhookError } from "../../../../lib/adapter/errors.ts";
import { secret } from "../../../../lib/adapter/options.ts";
import type { WebhookRequest } from "../../../../lib/adapter/Platform.ts";
import { everythingIn } from "../../../../lib/adapter/testing/failureOf.ts";
import { testServices } from "../../../../lib/adapter/testing/testServices.ts";
import { slack } from "../../../../lib/platforms/slack/slack.ts";
import { toCarried } from "../../../../lib/webhook/checkMessage.ts";
import { ANA, CHANNEL, channelEvent, eventCall, messageEvent, SIGNING_SECRET, slackCall, tsOf } from "./slackCall.ts";

const services = testServices({ SIGNING_SECRET, TOKEN: "xoxb-1" });
const platform = slack({ token: secret("TOKEN"), signingSecret: secret("SIGNING_SECRET") }).create(services);

const FILES = [{ id: "F1", name: "a", mimetype: "image/png", size: 1, duration_ms: 1, mode: "hosted" }];
const SHARE = [{ is_share: true, text: "Hi", author_name: "Ben", files: FILES }];
const ADDRESS = "https://hooks.slack.com/commands/T1/1/s3cr3tAddress";

const inner = { user: ANA, text: "a", ts: tsOf(1), edited: { user: ANA, ts: tsOf(2) } };

/** True calls of each kind, as JSON has them. */
const GENUINE: readonly unknown[] = [
  channelEvent({ thread_ts: tsOf(0), parent_user_id: ANA, files: FILES, attachments: SHARE }),
  {
    type: "message",
    subtype: "message_changed",
    channel: CHANNEL,
    ts: tsOf(2),
    message: inner,
    previous_message: inner,
  },
  { type: "channel_archive", channel: CHANNEL, user: ANA, event_ts: tsOf(1) },
  { type: "channel_id_changed", old_channel_id: CHANNEL, new_channel_id: "C2", event_ts: tsOf(1) },
].map((event) => JSON.parse(eventBody(event)));

/** Every place in a value, as the names on the way to it. */
function placesIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, one]) => placesIn(one, [...path, name]))];
}

/** The value with something else at that place. */
function withOther(value: unknown, [name, ...path]: readonly string[], other: unknown): unknown {
  if (name === undefined || typeof value !== "object" || value === null) return other;
  const changed = withOther(Reflect.get(value, name), path, other);
  if (Array.isArray(value)) return value.map((one: unknown, at) => (String(at) === name ? changed : one));
  return { ...value, [name]: changed };
}

const words = fc.constantFrom(
  ...["", "0", "1.5", "999999999999.999999", "-1", "\ud800", "\u0000", "/reset", "<@U0LAN0Z89>", "x".repeat(50_000)],
);
const odd = fc.oneof(words, fc.constantFrom(-1, 1.5, 2 ** 53, null, [], {}, true, ["7"]), fc.jsonValue());

async function isTakenOrRefused(call: WebhookRequest): Promise<void> {
  try {
    const { messages } = await platform.receive(call);
    for (const message of messages) toCarried(message, Date.now());
  } catch (error) {
    expect(error).toBeInstanceOf(WebhookError);
    expect(everythingIn(error)).not.toMatch(/s3cr3t|x{40}/);
  }
}

it("takes any event that Slack could ever sign, or refuses it with its status; what it makes of it can be carried", async () => {
  const calls = fc
    .constantFrom(...GENUINE)
    .chain((body) =>
      fc
        .array(fc.tuple(fc.constantFrom(...placesIn(body)), odd), { minLength: 1, maxLength: 3 })
        .map((changes) => changes.reduce<unknown>((changed, [path, other]) => withOther(changed, path, other), body)),
    );
  await fc.assert(
    fc.asyncProperty(calls, (body) => isTakenOrRefused(slackCall(JSON.stringify(body)))),
    { numRuns: 1_500 },
  );
});

it("takes any slash command that Slack could ever sign, or refuses it with its status", async () => {
  const genuine = [...new URLSearchParams(commandBody({ response_url: ADDRESS, text: "hello" })).keys()];
  const values = fc.oneof(words, fc.string({ unit: "binary" }));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...genuine), values, (name, value) =>
      isTakenOrRefused(
        slackCall(commandBody({ response_url: ADDRESS, [name]: value }), "application/x-www-form-urlencoded"),
      ),
    ),
    { numRuns: 300 },
  );
});

it("refuses any headers but the true ones, whatever they hold", async () => {
  const { headers: genuine, ...call } = eventCall(messageEvent());
  const values = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 64, maxLength: 64 }).map((hex) => `v0=${hex}`),
    fc.constantFrom("1e9", "9".repeat(400), " 1 ", "-1", "0x10"),
  );
  const names = fc.constantFrom("x-slack-signature", "x-slack-request-timestamp");
  await fc.assert(
    fc.asyncProperty(names, values, async (name, value) => {
      fc.pre(value !== genuine[name]);
      const other = { ...call, headers: { ...genuine, [name]: value } };
      await expect(platform.receive(other)).rejects.toMatchObject({ status: 401 });
    }),
    { numRuns: 300 },
  );
});
