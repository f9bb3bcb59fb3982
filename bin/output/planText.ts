import { nounOf } from "../../lib/operator/operations/Batch.ts";
import type { Verb } from "../../lib/operator/operations/Operation.ts";
import type { Plan } from "../../lib/operator/operations/planOperation.ts";
import { when } from "../../lib/operator/plain.ts";
import type { Terminal } from "../Terminal.ts";
import { toTable } from "./toTable.ts";

/** Error groups that a plan shows. */
const MOST_GROUPS = 5;

const KINDS: Readonly<Record<Verb, string>> = {
  ...{ redrive: "dead", forward: "waiting", discard: "dead", restore: "discarded", replay: "new" },
  ...{ "send-replies": "failed", "discard-replies": "failed" },
  ...{ "redrive-inbound": "unanswered", "discard-inbound": "unanswered" },
};

/** A plan as a person reads it. */
export function planText(plan: Plan, terminal: Terminal): string {
  const { scope, count, oldest, newest, providers, platforms, groups, skipped, hidden, seconds, unread } = plan;
  const now = terminal.clock.now();
  const kind = /status:(pending|accepted)/.exec(scope.filter)?.[1] ?? KINDS[scope.verb];
  const others = Object.entries(skipped).map(([why, number]) => `${number} ${why}`);
  const left = others.length > 0 ? `\nleft out: ${others.join(", ")}` : "";
  const nouns = { hook: ["hook", "hooks"], reply: ["reply", "replies"], message: ["message", "messages"] } as const;
  const [one, many] = nouns[nounOf(scope.verb)];
  if (count === 0) return `no ${kind} ${many}${unread.length > 0 ? " that could be read" : ""}${left}`;
  const parts = Object.entries({ ...providers, ...platforms }).map(([name, number]) => `${name} ${number}`);
  const happened = { dead: "died", failed: "failed", unanswered: "accepted" }[kind] ?? "sealed";
  const times =
    count === 1 ? `${happened} ${when(oldest, now)}` : `${happened} from ${when(oldest, now)} to ${when(newest, now)}`;
  const lines = [
    `${count} ${kind} ${count === 1 ? one : many} (${parts.join(", ")}), ${times}, about ${seconds} s${left}`,
  ];
  if (hidden > 0) lines.push(`and ${hidden} behind them: of a conversation only the first ten can be seen together`);
  if (groups.length > 0 && scope.verb !== "replay") {
    const rows = groups
      .slice(0, MOST_GROUPS)
      .map((one) => [...[String(one.count), one.group, [one.kind, one.status].filter(Boolean).join(" "), one.message]]);
    lines.push(toTable(["COUNT", "GROUP", "KIND", "ERROR"], rows, undefined, terminal.columns));
    if (groups.length > MOST_GROUPS) lines.push(`and ${groups.length - MOST_GROUPS} more groups`);
  }
  return lines.join("\n");
}
