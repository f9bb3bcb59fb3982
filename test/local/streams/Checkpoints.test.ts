import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Checkpoints } from "../../../local/streams/Checkpoints.ts";

const file = () => join(mkdtempSync(join(tmpdir(), "vesper-checkpoints-")), "streams.json");

describe("Checkpoints", () => {
  it("survives a restart", () => {
    const path = file();
    new Checkpoints(path).set("mapping", "shard", "7");

    expect(new Checkpoints(path).get("mapping", "shard")).toBe("7");
    expect(new Checkpoints(path).get("mapping", "other")).toBeUndefined();
  });

  it("starts anew from a damaged file, which repeats records but skips none", () => {
    const path = file();
    writeFileSync(path, '{"mapping sha');

    expect(new Checkpoints(path).get("mapping", "shard")).toBeUndefined();
  });
});
