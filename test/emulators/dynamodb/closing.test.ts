import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BatchWriteCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { expect, it, onTestFinished, vi } from "vitest";
import { startTable, TABLE } from "./startTable.ts";

it("ends what is being read before the store, also when the reader has gone", async () => {
  const path = mkdtempSync(join(tmpdir(), "vesper-closing-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  const told = vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => told.mockRestore());
  const { db, doc } = await startTable({ path });
  for (let page = 0; page < 40; page++) {
    const requests = Array.from({ length: 25 }, (_, number) => ({
      PutRequest: { Item: { pk: `${page}`, sk: `${number}`, text: "x".repeat(500) } },
    }));
    await doc.send(new BatchWriteCommand({ RequestItems: { [TABLE]: requests } }));
  }

  const leaving = new AbortController();
  const scans = Array.from({ length: 10 }, () =>
    doc.send(new ScanCommand({ TableName: TABLE }), { abortSignal: leaving.signal }).catch(() => undefined),
  );
  await new Promise((resolve) => setTimeout(resolve, 30));
  leaving.abort();
  await Promise.all(scans);
  await db.close();
  // What was still read would fail a moment later.
  await new Promise((resolve) => setTimeout(resolve, 200));

  expect(told.mock.calls).toEqual([]);
});
