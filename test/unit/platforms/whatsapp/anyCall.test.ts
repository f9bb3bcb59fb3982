import fc from "fast-check";
import { expect, it } from "vitest";
import { IDS } from "../../../../emulators/platforms/whatsapp/startWhatsAppFake.ts";
import { WebhookError } from "../../../../lib/adapter/errors.ts";
import { secret } from "../../../../lib/adapter/options.ts";
import { everythingIn } from "../../../../lib/adapter/testing/failureOf.ts";
import { testServices } from "../../../../lib/adapter/testing/testServices.ts";
import { whatsapp } from "../../../../lib/platforms/whatsapp/whatsapp.ts";
import { bodyOf, messageOf, statusesOf, URL, whatsappCall } from "./whatsappCall.ts";

const { phoneNumberId, accountId, appId, token, appSecret } = IDS;
const options = { phoneNumberId, accountId, appId, token: secret("TOKEN"), appSecret: secret("APP_SECRET") };
const platform = whatsapp(options).create(testServices({ TOKEN: token, APP_SECRET: appSecret }));

/** What comes of a call, which is a `WebhookError` or nothing worse, and shows no secret. */
async function outcomeOf(call: Parameters<typeof platform.receive>[0]): Promise<void> {
  const outcome = await platform.receive(call).catch((error: unknown) => error);
  if (!(outcome instanceof Error)) return;
  expect(outcome).toBeInstanceOf(WebhookError);
  for (const value of [token, appSecret]) expect(everythingIn(outcome)).not.toContain(value);
}

const GENUINE: readonly object[] = [
  bodyOf(messageOf(), messageOf({ type: "image", image: { id: "1", caption: "a" } })),
  bodyOf(messageOf({ type: "contacts", contacts: [{ name: { formatted_name: "Ben" } }], referral: { headline: "a" } })),
  bodyOf(messageOf({ type: "system", system: { type: "user_changed_number", user_id: "GB.1" } })),
  bodyOf(
    messageOf({ type: "edit", edit: { original_message_id: "w", message: { type: "text", text: { body: "a" } } } }),
  ),
  statusesOf({
    id: "w",
    status: "failed",
    recipient_id: "1",
    biz_opaque_callback_data: '["a","b","c"]',
    errors: [{ code: 1 }],
  }),
];

/** The same, with one of its values, wherever that stands, replaced. */
function withValue(value: unknown, at: { left: number }, given: unknown): unknown {
  if (at.left-- === 0) return given;
  if (Array.isArray(value)) return value.map((one) => withValue(one, at, given));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withValue(one, at, given)]));
}

it("takes any webhook in which one value is another, or refuses it with its status", async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...GENUINE), fc.nat(45), fc.jsonValue(), async (body, at, given) => {
      await outcomeOf(whatsappCall(withValue(body, { left: at }, given)));
    }),
    { numRuns: 1_000 },
  );
});

it("takes any headers, query and method, or refuses them with their status", async () => {
  const texts = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.constant(`sha256=${"0".repeat(64)}`));
  const names = fc.constantFrom("x-hub-signature-256", "content-type", "hub.mode", "hub.verify_token", "hub.challenge");
  await fc.assert(
    fc.asyncProperty(fc.dictionary(names, texts), fc.constantFrom("GET", "POST", "PUT"), async (given, method) => {
      await outcomeOf({
        method,
        url: URL,
        headers: given,
        query: { "hub.mode": "subscribe", ...given },
        body: Buffer.from("{}"),
      });
    }),
    { numRuns: 500 },
  );
});

it("takes a time for a body that grows as the body does", async () => {
  const callOf = (count: number) =>
    whatsappCall(bodyOf(...Array.from({ length: count }, () => messageOf({ text: { body: "/".repeat(100) } }))));
  const timeOf = async (call: ReturnType<typeof callOf>) => {
    const start = performance.now();
    await platform.receive(call);
    return performance.now() - start;
  };
  const [small, large] = [callOf(400), callOf(3_200)];
  let [less, more] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  // Of several runs the best, and in turns: the machine has other work, too.
  for (let run = 0; run < 6; run++) {
    less = Math.min(less, await timeOf(small));
    more = Math.min(more, await timeOf(large));
  }
  // Eight times as much; by its square it would be 64.
  expect(more).toBeLessThan(32 * less + 50);
});
