import { SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { enqueueByProvider } from "../../../lib/queues/enqueueHooks.ts";
import { queueAt } from "../../../lib/queues/sessionEndQueues.ts";
import { queuesFromEnvironment } from "../../../lib/services/environment.ts";

describe("sessionEndQueues", () => {
  const BASE = "https://sqs.eu-west-1.amazonaws.com/111122223333/";
  const ARN = "arn:aws:sqs:eu-west-1:111122223333:";
  const client = new SQSClient({ region: "none" });
  const queues = new Map([
    ["crm", { client, url: `${BASE}Test-crm` }],
    ["my-crm", { client, url: `${BASE}Other-Test-crm` }],
  ]);
  afterEach(() => vi.unstubAllEnvs());

  it("finds a queue by the whole name in a record's ARN", () => {
    expect(queueAt(queues, `${ARN}Test-crm`)).toBe(queues.get("crm"));
    expect(queueAt(queues, `${ARN}Other-Test-crm`)).toBe(queues.get("my-crm"));
  });

  it.each([`${ARN}crm`, "arn:aws:sqs:eu-west-1:444455556666:Test-crm", ""])(
    "refuses a record of another queue, and names those that there are: %s",
    (arn) => {
      expect(() => queueAt(queues, arn)).toThrow(
        `a job came from ${arn}, which is no session-end queue; those are of crm, my-crm: `,
      );
    },
  );

  it("reads the queues from the environment by their providers' names, whatever these are", () => {
    const urls = { crm: `${BASE}one`, constructor: `${BASE}two` };
    vi.stubEnv("AWS_REGION", "eu-west-1");
    vi.stubEnv("URLS", JSON.stringify(urls));
    const found = queuesFromEnvironment("URLS");
    expect(Array.from(found, ([name, { url }]) => [name, url])).toEqual(Object.entries(urls));
  });

  it.each([
    ['["https://example.com"]', "unexpected data: the whole must be "],
    ['{"crm":5}', "crm must be string"],
    ['{"crm"', "JSON"],
    ["", "environment variable URLS is not set"],
  ])("refuses what the environment has instead: %s", (text, words) => {
    vi.stubEnv("AWS_REGION", "eu-west-1");
    vi.stubEnv("URLS", text);
    expect(() => queuesFromEnvironment("URLS")).toThrow(words);
  });

  it("lets a queue that takes nothing keep no other from its jobs, and throws", async () => {
    const sent: unknown[] = [];
    const sender = (send: () => Promise<object>) => ({
      client: Object.assign(new SQSClient({ region: "none" }), { send }),
      url: "url",
    });
    const gone = sender(() => Promise.reject(new Error("the queue is gone")));
    const well = sender(async () => {
      sent.push("sent");
      return {};
    });
    const job = { v: 1, session: "S", conversation: "c" } as const;
    await expect(
      enqueueByProvider(
        new Map([
          ["crm", gone],
          ["wiki", well],
        ]),
        [
          { ...job, provider: "crm" },
          { ...job, provider: "wiki" },
        ],
      ),
    ).rejects.toThrow("the queue is gone");
    expect(sent).toEqual(["sent"]);
  });
});
