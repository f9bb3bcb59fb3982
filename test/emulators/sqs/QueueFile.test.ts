import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { QueueFile } from "../../../emulators/sqs/QueueFile.ts";

it("writes all of a nested atomic work, or nothing of it", async () => {
  const path = await mkdtemp(join(tmpdir(), "sqs-file-"));
  const file = new QueueFile(path);
  onTestFinished(async () => {
    file.close();
    await rm(path, { recursive: true });
  });
  const queue = (name: string) => {
    const [attributes, tags, arn] = [{}, new Map<string, string>(), `arn:aws:sqs:us-east-1:000000000000:${name}`];
    return { name, arn, attributes, tags, createdTimestamp: 1, lastModifiedTimestamp: 1, sequenceCounter: 0 };
  };
  const names = () => file.load().map(({ name }) => name);

  expect(() =>
    file.atomically(() => {
      file.insertQueue(queue("a"));
      file.atomically(() => file.insertQueue(queue("b")));
      throw new Error("killed here");
    }),
  ).toThrow("killed here");
  expect(names()).toEqual([]);
  file.atomically(() => file.insertQueue(queue("c")));
  expect(names()).toEqual(["c"]);
});
