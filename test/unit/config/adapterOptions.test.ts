import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { defineAdapter } from "../../../lib/adapter/Adapter.ts";
import { secretSchema } from "../../../lib/adapter/options.ts";
import { echo } from "../../../lib/agents/echo/echo.ts";
import { secret } from "../../../lib/index.ts";
import { webhook } from "../../../lib/memory/webhook/webhook.ts";
import { http } from "../../../lib/platforms/http/http.ts";
import { problemsOf } from "./problemsOf.ts";
import { site } from "./rightConfig.ts";

describe("defineConfig, checking an adapter's options,", () => {
  const wrong = webhook as (options: unknown) => ReturnType<typeof webhook>;

  it("names the path within the config", () => {
    const memory = { crm: wrong({ url: "ftp://example.com", secret: secret("CRM_SECRET") }) };
    expect(problemsOf({ platforms: { site }, memory })).toEqual([
      expect.stringMatching(/^memory\.crm\.url: an address/),
    ]);
  });

  it("refuses unknown keys", () => {
    const options = { url: "https://example.com", secret: secret("CRM_SECRET"), timeOut: "1s" };
    expect(problemsOf({ platforms: { site }, memory: { crm: wrong(options) } })).toEqual([
      "memory.crm.timeOut: not a known option; leave it out",
    ]);
  });

  it("tells bounds of durations as durations", () => {
    const options = { url: "https://example.com", secret: secret("CRM_SECRET"), timeout: "1ms" };
    expect(problemsOf({ platforms: { site }, memory: { crm: wrong(options) } })).toEqual([
      'memory.crm.timeout: a duration such as "30s", "90m", "24h" or "7d", from 100ms to 2m',
    ]);
  });

  it("refuses a secret in the place of its reference, and does not repeat it", () => {
    const [problem] = problemsOf({ platforms: { site: http({ secret: "whsec_hush" as never }) } });
    expect(problem).toContain('platforms.site.secret: a reference made by secret("NAME")');
    expect(problem).not.toContain("hush");
  });

  it("does not repeat what was given where a schema has no words of its own, either", () => {
    const schema = v.strictObject({
      token: v.pipe(
        v.string(),
        v.check((text) => text.length > 9),
      ),
      n: v.number(),
    });
    const custom = defineAdapter("agent", "custom", schema, () => ({ reply: async () => undefined }));
    const agent = custom({ token: "hush", n: "hush" as never });
    expect(problemsOf({ platforms: { site }, agent })).toEqual(["agent.token: not allowed", "agent.n: must be number"]);
  });

  it("takes upper-case letters, digits and underscores for a secret's name, and nothing else", () => {
    const [problem] = problemsOf({ platforms: { site: http({ secret: secret("site-secret") }) } });
    expect(problem).toContain("platforms.site.secret");
  });
});

it("refuses to make an adapter that does not say what it is", () => {
  const older = defineAdapter as unknown as (...given: unknown[]) => unknown;
  expect(() => older("notes", v.strictObject({}), () => ({}))).toThrow(
    'defineAdapter: given the type "notes", allowed is one of agent, platform, memory, model',
  );
});

it("lists the secrets that an adapter's options refer to, with the form that each must have", () => {
  const crm = webhook({ url: "https://example.com", secret: [secret("CRM_NEW"), secret("CRM_OLD")] });
  const form = expect.objectContaining({ shows: expect.stringContaining("whsec_") });
  expect(crm.secrets()).toEqual([
    { secret: "CRM_NEW", form },
    { secret: "CRM_OLD", form },
  ]);
  expect(echo().secrets()).toEqual([]);
});

it("lists a secret also where an adapter's schema makes something else of the reference", () => {
  const schema = v.pipe(
    v.object({ key: secretSchema }),
    v.transform(({ key }) => key.secret),
  );
  const custom = defineAdapter("agent", "custom", schema, () => ({ reply: async () => undefined }));
  expect(custom({ key: secret("API_KEY") }).secrets()).toEqual([{ secret: "API_KEY" }]);
});
