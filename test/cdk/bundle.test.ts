import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { bareClients } from "./bareClients.ts";
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

describe("a function's own code and its packages that are not AWS's", () => {
  /**
   * The session-end function has the rules of credentials, 3 KB, and asks providers that work on a session later, 3 KB. The
   * message function finds where the agent can speak first, 1.5 KB; the contract of a program that asks for it is in all, 0.5 KB; so
   * are lines that carry metrics, 0.3 KB.
   */
  const most: Readonly<Record<string, number>> = { message: 103.2, "session-end": 79.5 };

  it.each(FUNCTIONS)(
    "is no more than 69 KB in %s, 103.2 KB in the message function, and 79.5 KB in session-end",
    (name) => {
      expect(of(name).ourBytes).toBeLessThanOrEqual((most[name] ?? 69) * KB);
    },
  );
});

describe("a function's bundle", () => {
  /** They have what makes and keeps memories. */
  const highest: Readonly<Record<string, number>> = { message: 1.23, "session-end": 1.178 };

  it.each(FUNCTIONS)(
    "is at most 1.155 times the AWS clients that %s uses, 1.23 in the message function, and 1.178 in session-end",
    (name) => {
      const { bundle, bare } = of(name);
      expect(bundle.bytes / bare).toBeLessThanOrEqual(highest[name] ?? 1.155);
    },
  );

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

describe("a function's policy", () => {
  const template = gatewayTemplate();

  /** The actions of the commands that are left in a bundle: what its code could call at all. */
  function actionsIn({ files }: Bundle): ReadonlySet<string> {
    const found = [...files.keys()].flatMap((file) => {
      const [, service, command] =
        /@aws-sdk\/client-(dynamodb|sqs|ssm)\/dist-es\/commands\/(\w+)Command\.js$/.exec(file) ?? [];
      // A batch has no permission of its own; nor has a transaction, of which the look is all that is not called alone.
      const action = command?.replace("MessageBatch", "Message").replace("TransactWriteItems", "ConditionCheckItem");
      return action ? [`${service}:${action}`] : [];
    });
    return new Set(found);
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
    webhook: ["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"],
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
