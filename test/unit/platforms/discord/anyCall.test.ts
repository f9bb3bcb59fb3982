import fc from "fast-check";
import { expect, it } from "vitest";
import { messageMenu, slashCommand } from "../../../../emulators/platforms/discord/interactions.ts";
import { WebhookError } from "../../../../lib/adapter/errors.ts";
import { secret } from "../../../../lib/adapter/options.ts";
import { everythingIn } from "../../../../lib/adapter/testing/failureOf.ts";
import { testServices } from "../../../../lib/adapter/testing/testServices.ts";
import { discord } from "../../../../lib/platforms/discord/discord.ts";
import { toCarried } from "../../../../lib/webhook/checkMessage.ts";
import { discordCall, KEY, sceneOf, TOKEN } from "./discordCall.ts";

const services = testServices({ KEY: KEY.publicKey });
const platform = discord({ publicKey: secret("KEY") }).create(services);

const FILE = { id: "7", filename: "f", size: 1, url: "https://cdn.example.com/f", content_type: "image/png" };

/** True calls of each kind. */
const GENUINE = [
  slashCommand(
    sceneOf(),
    "ask",
    [
      { name: "text", type: 3, value: "Hi" },
      { name: "file", type: 11, value: "7" },
    ],
    { attachments: { 7: FILE } },
  ),
  slashCommand(sceneOf({ place: { kind: "thread", channel: "101", parent: "100" } }), "memory"),
  messageMenu(sceneOf(), "Explain this", { content: "E = mc²", author: "Ben", attachments: [FILE] }),
  {
    version: 1,
    type: 1,
    event: { type: "APPLICATION_DEAUTHORIZED", timestamp: "x", data: { user: { id: "1", username: "a" } } },
  },
];

/** Every place in a value, as the names on the way to it. */
function placesIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => placesIn(inner, [...path, name]))];
}

/** The value with something else at that place. */
function withOther(value: unknown, [name, ...path]: readonly string[], other: unknown): unknown {
  if (name === undefined || typeof value !== "object" || value === null) return other;
  const changed = withOther(Reflect.get(value, name), path, other);
  if (Array.isArray(value)) return value.map((inner: unknown, at) => (String(at) === name ? changed : inner));
  return { ...value, [name]: changed };
}

const odd = fc.oneof(
  fc.constantFrom(
    "",
    "0",
    "99999999999999999999",
    "-1",
    "\ud800",
    "\u0000",
    "/reset",
    "<@845027738276462632>",
    null,
    [],
    {},
    true,
  ),
  fc.constantFrom(-1, 0, 1.5, 2 ** 53, 1e308, "x".repeat(50_000), { __proto__: { id: "1" } }, ["7"]),
  fc.jsonValue(),
);

it("takes any call that Discord could ever sign, or refuses it with its status; what it makes of it can be carried", async () => {
  const calls = fc
    .constantFrom(...GENUINE)
    .chain((body) =>
      fc
        .array(fc.tuple(fc.constantFrom(...placesIn(body)), odd), { minLength: 1, maxLength: 3 })
        .map((changes) => changes.reduce<unknown>((changed, [path, other]) => withOther(changed, path, other), body)),
    );
  await fc.assert(
    fc.asyncProperty(calls, async (body) => {
      try {
        const { messages } = await platform.receive(discordCall(JSON.stringify(body)));
        for (const message of messages) toCarried(message, Date.now());
      } catch (error) {
        expect(error).toBeInstanceOf(WebhookError);
        expect(everythingIn(error)).not.toContain(TOKEN);
      }
    }),
    { numRuns: 1_500 },
  );
});

it("refuses any headers but the true ones, whatever they hold", async () => {
  const { headers: genuine, ...call } = discordCall(GENUINE[0]);
  const values = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 128, maxLength: 128 }),
    fc.constantFrom("1e9", "9".repeat(400), " 1 ", "-1", "0x10"),
  );
  const names = fc.constantFrom("x-signature-ed25519", "x-signature-timestamp");
  await fc.assert(
    fc.asyncProperty(names, values, async (name, value) => {
      fc.pre(value !== genuine[name]);
      await expect(platform.receive({ ...call, headers: { ...genuine, [name]: value } })).rejects.toMatchObject({
        status: 401,
      });
    }),
    { numRuns: 300 },
  );
});

it("takes no longer than a call's length is worth", async () => {
  for (const text of [
    "<@845027738276462632>".repeat(9_000),
    "<@".repeat(90_000),
    " ".repeat(190_000),
    "/ask ".repeat(35_000),
  ]) {
    const began = performance.now();
    await platform.receive(discordCall(slashCommand(sceneOf(), "ask", [{ name: "text", type: 3, value: text }])));
    expect(performance.now() - began).toBeLessThan(500);
  }
});
