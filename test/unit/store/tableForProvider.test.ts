import { expect, it } from "vitest";
import { DeliveryError } from "../../../lib/adapter/errors.ts";
import { tableForProvider } from "../../../lib/store/memories.ts";

const failing = (error: Error) => tableForProvider(() => Promise.reject(error));

it.each([
  ["throttling", { $fault: "client", $retryable: { throttling: true } }],
  ["throttling without the SDK's word", { $fault: "client", name: "ThrottlingException" }],
  ["a partition that is asked too much", { $fault: "client", name: "ProvisionedThroughputExceededException" }],
  ["an outage of the service", { $fault: "server" }],
  ["a connection that never stood", { code: "ECONNREFUSED" }],
  ["a call that took too long", { name: "TimeoutError" }],
])("takes %s for worth a retry, and keeps its cause", async (_, fields) => {
  const cause = Object.assign(new Error("no"), fields);
  await expect(failing(cause)).rejects.toMatchObject({ kind: "transient", retry: true, cause });
  await expect(failing(cause)).rejects.toBeInstanceOf(DeliveryError);
});

it.each([
  ["a request that the service refuses", { $fault: "client", name: "ValidationException" }],
  ["a programming error", {}],
])("throws %s on as it is", async (_, fields) => {
  const bug = Object.assign(new Error("no"), fields);
  await expect(failing(bug)).rejects.toBe(bug);
});

it("answers what the work answers", async () => {
  expect(await tableForProvider(async () => 42)).toBe(42);
});
