import { expect, it } from "vitest";
import { describeChange, type TableChange } from "../../../../lib/operator/tail/describeChange.ts";

const told = (change: Partial<TableChange>) =>
  describeChange({ pk: "SESSION#S", sk: "HOOK#crm", ...change }, 0).map(({ what, text }) => `${what} ${text}`);

const pending = { status: "pending", failures: [] };

const failed = { status: "pending", failures: [{ kind: "transient", status: 503, message: "busy" }] };

it.each<[Partial<TableChange>, readonly string[]]>([
  [{ sk: "TURN#1", after: { kind: "turn", text: "hi", reply: "ho", status: "done" } }, ["message hi", "reply ho"]],
  [
    { sk: "TURN#1", after: { kind: "turn", text: "hi", reply: "Sorry", status: "failed" } },
    ["message hi", "reply the agent failed: Sorry"],
  ],
  [{ sk: "TURN#1", after: { kind: "command", command: "reset", text: "" } }, ["command /reset"]],
  [{ sk: "TURN#1", after: { kind: "tombstone" } }, []],
  [{ sk: "TURN#1", before: { kind: "turn" }, after: { kind: "turn", sent: 1 } }, []],
  [{ sk: "TURN#1", before: {}, after: { undelivered: {} } }, ["reply did not arrive: npx vesper replies ls"]],
  [{ pk: "CONV#c", sk: "SESSION#S", after: { status: "open" } }, ["session begins in c"]],
  [
    { pk: "CONV#c", sk: "SESSION#S", before: { status: "open" }, after: { status: "ended", reason: "idle", turns: 2 } },
    ["ended idle, 2 turns"],
  ],
  [{ after: pending }, ["hook crm pending"]],
  [{ before: pending, after: failed }, ["hook crm failed: transient 503 busy"]],
  [{ before: failed, after: { ...failed, status: "dead" } }, ["hook crm dead: transient 503 busy"]],
  [{ before: { ...failed, status: "dead" }, after: failed }, ["hook crm pending again"]],
  [{ before: failed, after: { ...failed, lease: {} } }, []],
  [{ before: failed, after: { status: "skipped", discarded: {} } }, ["hook crm discarded"]],
  [{ after: { status: "skipped", skipped: "memory-off" } }, ["hook crm skipped: memory-off"]],
  [{ before: pending, after: { status: "delivered" } }, ["hook crm delivered"]],
  [{ before: pending, after: { ...pending, accepted: {} } }, ["hook crm accepted"]],
  [{ before: { ...pending, accepted: {} }, after: { ...pending, accepted: { heardAt: 1 } } }, []],
  [{ before: { ...pending, accepted: {} }, after: failed }, ["hook crm failed: transient 503 busy"]],
  [{ pk: "MEMORY#s", sk: "m", after: { text: "likes tea" } }, ["memory likes tea"]],
  [{ pk: "OPERATION#O", sk: "OPERATION", after: { name: "n", status: "running" } }, ["operation n running"]],
  [{ pk: "AUDIT#A", sk: "AUDIT", after: { who: "ann", action: "forget", target: "x" } }, ["audit ann forget x"]],
  [{ before: pending }, []],
])("tells the write %j as %j", (change, words) => {
  expect(told(change)).toEqual(words);
});
