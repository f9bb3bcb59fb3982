import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Policy } from "../../lib/operator/policyFor.ts";
import { openOnStand } from "../integration/openOnStand.ts";
import { type CliHarness, DEPLOYED, REGION, startCliHarness } from "./cliHarness.ts";
import { recordCalls } from "./recordCalls.ts";

/** `dynamodb:Query` on an index is another right than on the table. */
const rights = ({ Statement }: Policy) =>
  new Set(
    Statement.flatMap(({ Sid, Action }) => Action.map((action) => (Sid === "Index" ? `${action} index` : action))),
  );

describe("the IAM policies of operators", () => {
  let cliHarness: CliHarness;
  let session: string;
  beforeAll(async () => {
    cliHarness = await startCliHarness();
    const { harness } = cliHarness;
    harness.provider.setMode(401);
    for (const conversation of ["one", "two", "three"]) {
      await harness.chat("hello", { conversation });
      harness.advance("1s");
      await harness.chat("/reset", { conversation });
    }
    harness.provider.setMode(503);
    await harness.chat("hello", { conversation: "four" });
    harness.advance("1s");
    await harness.chat("/reset", { conversation: "four" });
    harness.provider.setMode("ok");
    harness.advance("1s");
    await harness.chat("bye", { conversation: "live" });
    session = (await harness.deadHooks())[0]?.session ?? "";
  });
  afterAll(() => cliHarness.stop());

  const deployed = (args: readonly string[], terminal = {}) => cliHarness.cli([...args, ...DEPLOYED], {}, terminal);
  async function policy(...args: string[]): Promise<Policy> {
    const { code, stdout, stderr } = await deployed(["policy", ...args]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return JSON.parse(stdout);
  }

  it("name the stack's own resources, and every one of them where AWS allows that", async () => {
    const { Statement } = await policy("--operator");
    const table = `arn:aws:dynamodb:eu-west-1:000000000000:table/${cliHarness.harness.wiring.tableName}`;
    expect(Statement.find(({ Sid }) => Sid === "Act")?.Resource).toBe(table);
    expect(Statement.find(({ Sid }) => Sid === "Index")?.Resource).toBe(`${table}/index/byState`);
    expect(Statement.filter(({ Resource }) => Resource === "*").map(({ Sid }) => Sid)).toEqual([
      "Functions",
      "Metrics",
    ]);
  });

  it("allow those who look what looking calls, and nothing else", async () => {
    using recorded = recordCalls(REGION);
    const commands = [
      ["sessions", "ls"],
      ["sessions", "show", session],
      ["sessions", "export"],
      ["sessions", "ls", "user:ann"],
      ["hooks", "ls"],
      ["hooks", "ls", "status:dead"],
      ["hooks", "show", session],
      ["hooks", "groups"],
      ["replies", "ls"],
      ["operations", "ls"],
      ["audit"],
      ["secrets", "check"],
      ["hooks", "redrive", "--all", "--dry-run"],
      ["replay", "builtin", "--dry-run"],
      ["doctor", "--url", "https://example.com/webhooks"],
    ];
    for (const args of commands) {
      const { code, stderr } = await deployed(args);
      if (args[0] !== "doctor") expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: "" });
    }
    const controller = new AbortController();
    const tail = deployed(["tail"], { interrupt: () => controller.signal });
    setTimeout(() => controller.abort(), 500);
    expect(await tail).toMatchObject({ code: 0 });
    const page = await openOnStand(cliHarness);
    expect(await page.get("/api/metrics")).not.toHaveProperty("body.missing");
    expect(await page.get("/api/alarms")).toMatchObject({ status: 200 });
    await page.close();
    vi.unstubAllEnvs();
    const allowed = rights(await policy());
    expect([...recorded.calls].toSorted()).toEqual([...allowed].toSorted());
  });

  it("allow operators what acting calls, and nothing else", async () => {
    using recorded = recordCalls(REGION);
    const first = await deployed(["sessions", "ls", "status:open", "conversation:live", "--json"]);
    const [{ session: live } = { session: "" }] = JSON.parse(first.stdout);
    const commands = [
      ["sessions", "end", live],
      ["hooks", "redrive", session, "crm"],
      ["hooks", "forward", "provider:crm", "--yes"],
      ["hooks", "discard", "provider:crm", "--yes", "--reason", "test"],
      ["hooks", "discard", "provider:crm", "--undo", "--yes"],
      ["hooks", "redrive", "--all", "--yes", "--name", "all"],
      ["replay", "crm", "--yes"],
      ["inbound", "ls"],
      ["inbound", "redrive", "--all", "--yes"],
      ["replies", "send", "--all", "--yes"],
      ["forget", "http", "ann", "--yes"],
      ["operations", "show", "all"],
      ["say", "hello"],
    ];
    for (const args of commands) {
      const { code, stderr } = await deployed(args);
      expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: "" });
    }
    const operator = rights(await policy("--operator"));
    const looking = rights(await policy());
    expect([...recorded.calls].filter((call) => !operator.has(call))).toEqual([]);
    const acting = [...operator].filter((right) => !looking.has(right));
    expect(acting.filter((right) => !recorded.calls.has(right))).toEqual([
      // With a message on the inbound dead-letter queue: test/integration/inbound.
      ...["sqs:ChangeMessageVisibility"].filter((right) => !recorded.calls.has(right)),
    ]);
    const { stdout } = await deployed(["audit", "--json"]);
    expect(JSON.parse(stdout).length).toBeGreaterThanOrEqual(7);
    expect(new Set(JSON.parse(stdout).map(({ who }: { who: string }) => who))).toEqual(
      new Set(["arn:aws:iam::111122223333:user/ann"]),
    );
  });
});
