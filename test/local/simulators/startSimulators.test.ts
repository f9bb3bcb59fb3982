import { afterEach, expect, it } from "vitest";
import { testServices } from "../../../lib/adapter/testing/testServices.ts";
import { secret } from "../../../lib/index.ts";
import { http } from "../../../lib/platforms/http/http.ts";
import { telegram } from "../../../lib/platforms/telegram/telegram.ts";
import { startSimulators } from "../../../local/simulators/startSimulators.ts";

const PLATFORMS = {
  site: http({ secret: secret("A_SIGNING_SECRET") }),
  bot: telegram({ token: secret("TOKEN"), secretToken: secret("SECRET_TOKEN") }),
};

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const start = (given: Readonly<Record<string, string>>, all = false) =>
  startSimulators({
    ...{ platforms: PLATFORMS, given: new Map(Object.entries(given)), all },
    onStarted: (close) => closing.push(close),
  });

it("simulates a platform none of whose secrets is there, with secrets that fit, and no http", async () => {
  const { urls, secrets } = await start({ A_SIGNING_SECRET: "whsec_x" });
  expect(urls).toEqual({ bot: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) });
  const forms = PLATFORMS.bot.secrets().map(({ secret: name, form }) => [name, form?.matches(secrets.get(name) ?? "")]);
  expect(forms).toEqual([
    ["TOKEN", true],
    ["SECRET_TOKEN", true],
  ]);
  expect([...secrets.keys()]).toEqual(["TOKEN", "SECRET_TOKEN"]);
});

it("leaves a platform real as soon as one of its secrets is there, unless all are to be simulated", async () => {
  expect((await start({ TOKEN: "123456:real" })).urls).toEqual({});
  const { urls, secrets } = await start({ TOKEN: "123456:real", SECRET_TOKEN: "real" }, true);
  expect(Object.keys(urls)).toEqual(["bot"]);
  expect([...secrets.values()]).not.toContain("123456:real");
});

it("answers nobody without its key, and no page that leads a name of its own here", async () => {
  const { serve, secrets } = await start({});
  const simulation = await serve(testServices(Object.fromEntries(secrets)), "http://127.0.0.1:9");
  if (!simulation) throw new Error("nothing is simulated");
  const ask = async (headers: Readonly<Record<string, string>>) =>
    (await fetch(`${simulation.url}/sent?platform=bot&conversation=ann`, { headers: { ...headers } })).status;
  expect(await ask({})).toBe(403);
  expect(await ask({ authorization: `Bearer ${simulation.key.slice(1)}` })).toBe(403);
  expect(await ask({ authorization: `Bearer ${simulation.key}` })).toBe(200);
});
