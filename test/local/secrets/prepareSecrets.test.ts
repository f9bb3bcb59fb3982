import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { secret } from "../../../lib/index.ts";
import { prepareSecrets } from "../../../local/secrets/prepareSecrets.ts";
import { readEnvFile } from "../../../local/secrets/readEnvFile.ts";

let path: string;
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), "vesper-env-")), ".env");
});

describe("prepareSecrets", () => {
  it("makes up what its owner would make up, and names what somebody else gives out", () => {
    const names = ["HTTP_SIGNING_SECRET", "MEM0_API_KEY", "MEM0_API_KEY"].map(secret);

    expect(prepareSecrets(path, names)).toEqual({ generated: ["HTTP_SIGNING_SECRET"], missing: ["MEM0_API_KEY"] });
    expect(readEnvFile(path).get("HTTP_SIGNING_SECRET")).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("never changes a secret that is there, nor any other line", () => {
    writeFileSync(path, "# mine\nHTTP_SIGNING_SECRET=kept\nMEM0_API_KEY=\nOTHER=1");

    expect(prepareSecrets(path, ["HTTP_SIGNING_SECRET", "X_SIGNING_SECRET", "MEM0_API_KEY"].map(secret))).toEqual({
      generated: ["X_SIGNING_SECRET"],
      missing: ["MEM0_API_KEY"],
    });
    expect(readFileSync(path, "utf8")).toMatch(
      /^# mine\nHTTP_SIGNING_SECRET=kept\nMEM0_API_KEY=\nOTHER=1\nX_SIGNING_SECRET=whsec_.{44}\n$/,
    );
  });
});

it("prepareSecrets makes up none that somebody else gives out, though its name sounds like it", () => {
  const form = { shows: "32 hexadecimal digits", matches: (value: string) => /^[0-9a-f]{32}$/.test(value) };
  expect(prepareSecrets(path, [{ secret: "SLACK_SIGNING_SECRET", form }])).toEqual({
    ...{ generated: [], missing: ["SLACK_SIGNING_SECRET"] },
  });
});

describe("readEnvFile", () => {
  it("reads quotes and comments, and takes an empty value as missing", () => {
    writeFileSync(path, 'A="a b" # why\nexport B=2\nC=\n');

    expect([...readEnvFile(path)]).toEqual([
      ["A", "a b"],
      ["B", "2"],
    ]);
  });

  it("is empty without a file", () => {
    expect(readEnvFile(path).size).toBe(0);
  });
});
