import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, it, onTestFinished } from "vitest";
import { openDatabase } from "../../../emulators/dynamodb/openDatabase.ts";

/** Blocks of 512 bytes: LevelDB's log is full after some 200 writes. */
const MOST_BLOCKS = 400;

it("goes on after writes that the disk refused, and keeps every acknowledged one when it is killed then", async () => {
  const path = await mkdtemp(join(tmpdir(), "dynamodb-torn-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  const script = `ulimit -f ${MOST_BLOCKS}; exec "$0" "$@"`;
  const command = [process.execPath, join(import.meta.dirname, "tornChild.ts"), path];
  const child = spawn("sh", ["-c", script, ...command], { stdio: ["ignore", "pipe", "inherit"] });
  const [output] = await Promise.all([text(child.stdout), once(child, "exit")]);
  const { acknowledged, refused }: { acknowledged: string[]; refused: number } = JSON.parse(output);

  const { db } = await openDatabase(path);
  const kept: string[] = [];
  for await (const key of db.keys({ gte: "key-" })) kept.push(key);
  await db.close();

  expect(refused).toBeGreaterThan(0);
  expect(acknowledged.length).toBeGreaterThan(900);
  expect(kept).toEqual(acknowledged);
});
