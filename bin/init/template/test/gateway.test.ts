import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { synthesize } from "vesper/cdk";

test("the config makes a gateway that can be deployed", () => {
  const configPath = join(import.meta.dirname, "../vesper.config.ts");
  const template = JSON.stringify(synthesize({ stackName: "Test", configPath }));
  for (const name of ["webhook", "message", "expiry", "session-end"])
    assert.match(template, new RegExp(`functions/${name}`));
});
