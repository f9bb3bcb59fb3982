import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { bundlingOf } from "../../cdk/bundling.ts";
import { bareClients, callsWithoutSdk } from "./bareClients.ts";
import { type Bundle, bundleFunction, classesIn } from "./bundleFunction.ts";
import { gatewayTemplate } from "./gatewayTemplate.ts";
import { grantsOf } from "./grantsOf.ts";
import { packageOf } from "./packageOf.ts";

const ROOT = join(import.meta.dirname, "../..");
const FUNCTIONS = ["webhook", "message", "expiry", "session-end"];

/** Kilobyte: a thousand bytes, minified and not compressed. */
const KB = 1000;

/** The clients of AWS and what only they need. */
const AWS = /^(@aws|@aws-sdk|@aws-crypto|@smithy)\/|^(mnemonist|obliterator|bowser|fast-xml-parser|strnum|tslib)$/;

interface Measured {
  readonly bundle: Bundle;
  /** Bytes that are not AWS's, by package; the repository's own are `own`. */
  readonly ours: Readonly<Record<string, number>>;
  readonly ourBytes: number;
  /** The bundle of the AWS clients and commands alone that the function holds, bytes. */
  readonly bare: number;
}

const measured = new Map<string, Measured>();

// GIVEN each function's bundle with the default config
beforeAll(async () => {
  for (const name of FUNCTIONS) {
    const bundle = await bundleFunction(name);
    const ours: Record<string, number> = {};
    for (const [file, bytes] of bundle.files) {
      const owner = packageOf(file);
      if (!AWS.test(owner)) ours[owner] = (ours[owner] ?? 0) + bytes;
    }
    const ourBytes = Object.values(ours).reduce((sum, bytes) => sum + bytes, 0);
    const { bytes: bare } = await bareClients(bundle);
    measured.set(name, { bundle, ours, ourBytes, bare });
    console.log(`${name}: ${describeSizes({ bundle, ours, ourBytes, bare })}`);
  }
});

function describeSizes({ bundle, ours, ourBytes, bare }: Measured): string {
  const kb = (bytes: number) => (bytes / KB).toFixed(1);
  const parts = Object.entries(ours).map(([owner, bytes]) => `${owner} ${kb(bytes)}`);
  const ratio = (bundle.bytes / bare).toFixed(3);
  return `${kb(bundle.bytes)} KB, ours ${kb(ourBytes)} (${parts.join(", ")}), ${ratio} x bare clients`;
}

function of(name: string): Measured {
  const found = measured.get(name);
  if (!found) throw new Error(`no function ${name}`);
  return found;
}

/** What each function's bundle may have: beside AWS's packages, kilobytes, and in all, of its bare clients. */
const MOST: Readonly<Record<string, { readonly ours: number; readonly ofBare: number }>> = {
  // It calls AWS without the SDK.
  webhook: { ours: 48, ofBare: 0.13 },
  // It has what answers, and 19 KB that rank what is remembered, by words and by vectors.
  message: { ours: 117.7, ofBare: 1.0852 },
  expiry: { ours: 53, ofBare: 1.145 },
  // It has the rules of credentials, 3 KB, asks providers that work on a session later, 3 KB, and learns by a model and with vectors, 6 KB.
  "session-end": { ours: 81.6, ofBare: 1.01 },
};

describe("a function's bundle", () => {
  it.each(Object.entries(MOST))("has no more of what is not AWS's than %s may have", (name, { ours }) => {
    expect(of(name).ourBytes).toBeLessThanOrEqual(ours * KB);
  });

  it.each(Object.entries(MOST))("is at most so many times the AWS clients that %s would use", (name, { ofBare }) => {
    const { bundle, bare } = of(name);
    expect(bundle.bytes / bare).toBeLessThanOrEqual(ofBare);
  });

  it.each(FUNCTIONS)("keeps in %s the errors' names by which the ledger and the log call them", async (name) => {
    const { bundle } = of(name);
    const left = await classesIn(name);
    const classes = [...bundle.files.keys()]
      .filter((file) => packageOf(file) === "own")
      .flatMap((file) => [
        ...readFileSync(join(ROOT, file), "utf8").matchAll(/^(?:export )?class (\w+) extends \w*Error /gm),
      ])
      .map(([, found = ""]) => found)
      .filter((found) => left.has(found));

    expect(classes.length).toBeGreaterThan(3);
    for (const found of classes) expect(bundle.text).toContain(`name="${found}"`);
  });
});

it("knows each part that an adapter may leave out by its name", () => {
  const named = globSync("lib/**/*.ts", { cwd: ROOT }).flatMap((path) => [
    ...readFileSync(join(ROOT, path), "utf8").matchAll(/process\.env\.VESPER_WITHOUT_[A-Z]+(?=\s*\?)/g),
  ]);
  // The expiry function builds no part of any.
  const { define } = bundlingOf("expiry");
  expect(new Set(named.map(([name]) => name))).toEqual(new Set(Object.keys(define)));
});

describe("a bundle of a config with five platforms", () => {
  const FIVE = join(import.meta.dirname, "../harness/fixtures/fivePlatforms.config.ts");

  it("has in the webhook function 75 KB of our own, and a quarter of what the AWS clients alone would take", async () => {
    const bundle = await bundleFunction("webhook", FIVE);
    const own = [...bundle.files]
      .filter(([file]) => packageOf(file) === "own")
      .reduce((sum, [, bytes]) => sum + bytes, 0);
    const { bytes: bare } = await bareClients(bundle);
    console.log(`webhook with five platforms: ${bundle.bytes} bytes, own ${own}, bare clients ${bare}`);
    expect(own).toBeLessThanOrEqual(75 * KB);
    expect(bundle.bytes / bare).toBeLessThanOrEqual(0.25);
  });

  it.each([
    ["webhook", "receiving.ts"],
    ["message", "sending.ts"],
    ["expiry", undefined],
    ["session-end", undefined],
  ])("has in %s only the parts of platforms that it builds", async (name, part) => {
    const { files } = await bundleFunction(name, FIVE);
    const parts = [...files.keys()].filter((file) => /platforms\/\w+\/(receiving|sending|operating)\.ts$/.test(file));
    const platforms = part === undefined ? [] : ["discord", "slack", "telegram", "whatsapp"];
    expect(parts.toSorted()).toEqual(platforms.map((platform) => `lib/platforms/${platform}/${part}`));
  });
});

describe("a bundle of a config with an agent and memories that people use", () => {
  const REAL = join(import.meta.dirname, "../harness/fixtures/modelAndMemory.config.ts");

  it.each(FUNCTIONS)("is in %s at most 1.15 times the AWS clients that the function would use", async (name) => {
    const bundle = await bundleFunction(name, REAL);
    const { bytes: bare } = await bareClients(bundle);
    console.log(
      `${name} with openai, mem0 and builtin: ${bundle.bytes} bytes, ${(bundle.bytes / bare).toFixed(3)} x bare`,
    );
    expect(bundle.bytes / bare).toBeLessThanOrEqual(1.15);
  });

  it.each([
    ["webhook", []],
    ["message", ["agents/chat/chat", "embeddings/openai/openai", "memory/mem0/platformApi", "models/openai/openai"]],
    ["expiry", []],
    ["session-end", ["embeddings/openai/openai", "memory/builtin/learnByModel", "memory/mem0/sendSession"]],
  ])("holds in %s what that function builds of them", async (name, parts) => {
    const { files } = await bundleFunction(name, REAL);
    for (const part of parts) expect([...files.keys()]).toContain(`lib/${part}.ts`);
    expect([...files.keys()].filter((file) => /hindsight|honcho|agentcore|models\/bedrock/.test(file))).toEqual([]);
  });
});

describe("a function's policy", () => {
  const template = gatewayTemplate();

  /** The actions of the commands that are left in a bundle: what its code could call at all. */
  function actionsIn(bundle: Bundle): ReadonlySet<string> {
    const posted = callsWithoutSdk(bundle).map(
      ({ service, operation }) => `${service.toLowerCase()}:${operation.replace("MessageBatch", "Message")}`,
    );
    const found = [...bundle.files.keys()].flatMap((file) => {
      const [, service, command] =
        /@aws-sdk\/client-(dynamodb|sqs|ssm)\/dist-es\/commands\/(\w+)Command\.js$/.exec(file) ?? [];
      // A batch has no permission of its own; nor has a transaction, of which the look is all that is not called alone.
      const action = command?.replace("MessageBatch", "Message").replace("TransactWriteItems", "ConditionCheckItem");
      return action ? [`${service}:${action}`] : [];
    });
    return new Set([...posted, ...found]);
  }

  /** What Lambda does with the function's role: it reads the event sources, and sends what the stream's source gives up. */
  const reading = (queue: string) =>
    new RegExp(`^sqs:(ReceiveMessage|DeleteMessage|GetQueueAttributes|GetQueueUrl) on ${queue}$`);
  /** The same of a queue whose messages the code never hides: CDK grants that with the others. */
  const readingOnly = (queue: string) =>
    new RegExp(`^sqs:ChangeMessageVisibility on ${queue}$|${reading(queue).source}`);
  const BY_LAMBDA: Readonly<Record<string, RegExp>> = {
    message: reading("InboundQueue"),
    expiry: new RegExp(
      `^dynamodb:\\w+ on Table\\.StreamArn| on ExpiryStreamFailuresQueue$|${readingOnly("ExpiryVisitQueue").source}`,
    ),
    "session-end": reading("SessionEndQueuecrm"),
  };

  /** In the bundle and never called there, so not granted: the memory store comes with the services. */
  const NOT_CALLED: Readonly<Record<string, readonly string[]>> = {
    webhook: [],
    message: [],
    expiry: [],
    "session-end": ["dynamodb:DeleteItem"],
  };

  /** Part of the SDK's own modules, wherever they are. */
  const OF_THE_SDK = ["dynamodb:DescribeEndpoints", "dynamodb:Scan"];

  it.each(FUNCTIONS)("grants %s what the code calls, all of it and no more", (name) => {
    const granted = grantsOf(template, name)
      .filter((grant) => /^(dynamodb|sqs|ssm):/.test(grant) && !BY_LAMBDA[name]?.test(grant))
      .map((grant) => grant.replace(/ on .*/, ""));

    const called = [...actionsIn(of(name).bundle)].filter((action) => !OF_THE_SDK.includes(action));

    expect([...new Set(granted), ...(NOT_CALLED[name] ?? [])].sort()).toEqual(called.sort());
  });
});
