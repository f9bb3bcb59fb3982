import { loadConfig } from "../lib/config/loadConfig.ts";
import { CommandFailed } from "../lib/operator/CommandFailed.ts";
import { clearDlq } from "../lib/operator/clearDlq.ts";
import {
  parseDlqFilter,
  parseHookFilter,
  parseReplyFilter,
  parseSessionFilter,
} from "../lib/operator/filter/parseFilter.ts";
import type { Target } from "../lib/operator/gateway/address.ts";
import { connect, type Gateway } from "../lib/operator/gateway/connect.ts";
import { nounOf } from "../lib/operator/operations/Batch.ts";
import type { Operation, Scope, Tools, Verb } from "../lib/operator/operations/Operation.ts";
import { operationView } from "../lib/operator/operations/OperationView.ts";
import { type Plan, planOperation } from "../lib/operator/operations/planOperation.ts";
import { runOperation } from "../lib/operator/operations/runOperation.ts";
import { startOperation } from "../lib/operator/operations/startOperation.ts";
import { isoTime } from "../lib/operator/views.ts";
import type { BulkOptions } from "./options/bulkOptions.ts";
import { planText } from "./output/planText.ts";
import { progressLine } from "./output/progressLine.ts";
import { toJson } from "./output/toJson.ts";
import { warnOfUnread } from "./output/warnOfUnread.ts";
import { refuseUnknown } from "./refuseUnknown.ts";
import type { Terminal } from "./Terminal.ts";

const DONE: Readonly<Record<Verb, string>> = {
  redrive: "revived and on the queue",
  forward: "brought forward",
  discard: "discarded",
  restore: "as they were before they were discarded",
  replay: "on the queue",
  "send-replies": "on their way",
  "discard-replies": "discarded",
  "redrive-inbound": "moved back",
  "discard-inbound": "discarded",
};

/** Plans a bulk action, shows the plan and, when it is agreed to, does it. */
export async function bulk(
  terminal: Terminal,
  target: Target,
  given: Omit<Scope, "before">,
  options: BulkOptions,
): Promise<void> {
  using gateway = await connect(terminal, target);
  const tools = await toolsOf(gateway, given.verb);
  const plan = await planOperation(tools, { ...given, before: tools.services.clock.now() }, options.rate);
  warnOfUnread(terminal, plan.unread);
  if (plan.count + plan.unread.length === 0) await refuseUnknown(terminal, target, gateway, namesIn(plan));
  if (!options.json) terminal.write(planText(plan, terminal));
  if (options.dryRun) return options.json ? terminal.write(toJson(report(plan, undefined, terminal))) : undefined;
  if (plan.count === 0) return clearAlone(terminal, gateway, plan, options);
  if (!(options.yes || (await confirm(terminal, plan, options)))) {
    if (options.json) terminal.write(toJson(report(plan, undefined, terminal)));
    throw new CommandFailed(`nothing was ${PAST[given.verb]}: it takes --yes`);
  }
  const { canary, rate, name, reason: why } = options;
  const operation = await startOperation(tools, plan, { who: await gateway.caller(), why, name, canary, rate });
  const ended = await follow(terminal, tools, operation);
  if (options.json) terminal.write(toJson(report(plan, ended, terminal)));
  else terminal.write(resultText(ended));
  failUnlessDone(ended);
}

const PAST: Readonly<Record<Verb, string>> = {
  ...{ redrive: "redriven", forward: "brought forward", discard: "discarded", restore: "restored", replay: "replayed" },
  ...{ "send-replies": "sent", "discard-replies": "discarded" },
  ...{ "redrive-inbound": "moved back", "discard-inbound": "discarded" },
};

/** What a bulk action works with; the config is read for those that need it. */
export async function toolsOf(gateway: Gateway, verb: Verb): Promise<Tools> {
  const { services, queues, address } = gateway;
  const needsConfig = verb === "replay" || nounOf(verb) === "message";
  return { services, queues, ...(needsConfig ? { config: await loadConfig(address.configPath) } : {}) };
}

/** Runs a bulk action with its progress shown; Ctrl-C stops it where it can be resumed. */
export async function follow(terminal: Terminal, tools: Tools, { id }: Operation): Promise<Operation> {
  const signal = terminal.interrupt?.();
  const ended = await runOperation(tools, id, {
    onProgress: (operation) => terminal.progress?.(progressLine(operation)),
    ...(signal ? { signal } : {}),
  });
  terminal.progress?.("");
  return ended;
}

/** What came of a bulk action, in words. */
export function resultText({ verb, done, left, cleared = 0 }: Operation): string {
  const parts = [`${done} ${DONE[verb]}`];
  if (verb === "redrive" || verb === "discard") parts.push(dlqMessages(cleared));
  if (left > 0) parts.push(`${left} left alone, as somebody else had been faster`);
  return parts.join(", ");
}

/** @throws CommandFailed when it did not come to its end */
export function failUnlessDone({ status, name, reason = "" }: Operation): void {
  if (status === "done") return;
  const how = {
    running: `stopped: npx vesper operations resume ${name} goes on with it`,
    halted: `the canary failed: ${reason}; mend it, then npx vesper operations resume ${name}`,
    cancelled: "cancelled",
  }[status];
  throw new CommandFailed(`${name} ${status === "halted" ? "is halted, " : "is "}${how}`);
}

/** The provider and the platform that are meant. A replay says itself that its provider is not in the config. */
function namesIn({ scope: { verb, filter, before } }: Plan): {
  readonly platform?: string | undefined;
  readonly provider?: string;
} {
  if (verb === "replay") return parseSessionFilter(filter, before);
  const noun = nounOf(verb);
  if (noun === "hook") return parseHookFilter(filter, before);
  return noun === "reply" ? parseReplyFilter(filter, before) : parseDlqFilter(filter, before);
}

/** With nothing to act on there is nothing to agree to: only DLQ messages that report no death are taken away. */
async function clearAlone(terminal: Terminal, gateway: Gateway, plan: Plan, { json }: BulkOptions): Promise<void> {
  const isForDead = plan.scope.verb === "redrive" || plan.scope.verb === "discard";
  const cleared = isForDead ? await clearDlq(gateway.services, gateway.queues.dlq) : 0;
  if (json) terminal.write(toJson({ ...report(plan, undefined, terminal), acted: true, cleared }));
  else if (cleared > 0) terminal.write(dlqMessages(cleared));
}

function dlqMessages(cleared: number): string {
  return `${cleared} ${cleared === 1 ? "dead letter" : "dead letters"} cleared`;
}

async function confirm(terminal: Terminal, { scope, count }: Plan, { json }: BulkOptions): Promise<boolean> {
  if (!terminal.isInteractive || json) return false;
  const [verb = ""] = scope.verb.split("-");
  const asked = `${verb.charAt(0).toUpperCase()}${verb.slice(1)} ${count}? [y/N] `;
  return /^y(es)?$/i.test((await terminal.ask(asked)).trim());
}

/** `acted`: whether anything was tried; `cleared`: how many DLQ messages were taken away. Times in ISO 8601. */
function report(plan: Plan, operation: Operation | undefined, terminal: Terminal) {
  const { scope, oldest, newest, ...rest } = plan;
  return {
    plan: { verb: scope.verb, filter: scope.filter, oldest: isoTime(oldest), newest: isoTime(newest), ...rest },
    acted: operation !== undefined,
    operation: operation ? operationView(operation, terminal.clock.now()) : null,
    cleared: operation?.cleared ?? 0,
  };
}
