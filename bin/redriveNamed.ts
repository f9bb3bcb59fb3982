import { recordAudit } from "../lib/operator/audit.ts";
import { CommandFailed } from "../lib/operator/CommandFailed.ts";
import { findSession, sessionOf, UnknownSession } from "../lib/operator/findSession.ts";
import type { Target } from "../lib/operator/gateway/address.ts";
import { connect, type Gateway } from "../lib/operator/gateway/connect.ts";
import { when } from "../lib/operator/plain.ts";
import { planRedrive, type RedrivePlan, type RedriveResult, redrive } from "../lib/operator/redrive.ts";
import { hookStatus, isoTime } from "../lib/operator/views.ts";
import { loadHooks } from "../lib/store/readHooks.ts";
import type { BulkOptions } from "./options/bulkOptions.ts";
import { toJson } from "./output/toJson.ts";
import { warnOfUnread } from "./output/warnOfUnread.ts";
import type { Terminal } from "./Terminal.ts";

/** Redrives the dead hooks of one session. One that is named with its provider needs no agreement. */
export async function redriveNamed(
  terminal: Terminal,
  target: Target,
  { session: given, provider }: { readonly session: string; readonly provider: string | undefined },
  options: BulkOptions,
): Promise<void> {
  using gateway = await connect(terminal, target);
  const session = await sessionOf(gateway.services, given);
  const filter = { session, ...(provider === undefined ? {} : { provider }) };
  const plan = await planRedrive(gateway.services, filter);
  warnOfUnread(terminal, plan.unread);
  const isOne = provider !== undefined;
  if (plan.count + plan.unread.length === 0) await refuseNothing(gateway, session, provider);
  if (!options.json) terminal.write(describePlan(plan, terminal.clock.now()));
  if (options.dryRun) return options.json ? terminal.write(toJson(report(plan, undefined))) : undefined;
  // With no dead hook there is nothing to agree to: only DLQ messages that report none are taken away.
  const agreed = plan.count === 0 || options.yes || isOne || (await confirm(terminal, plan, options));
  if (agreed) {
    const about = { who: await gateway.caller(), action: "hooks redrive", target: Object.values(filter).join(" ") };
    await recordAudit(gateway.services, { ...about, ...(options.reason === undefined ? {} : { why: options.reason }) });
  }
  const result = agreed ? await redrive(gateway.services, gateway.queues, plan) : undefined;
  if (options.json) terminal.write(toJson(report(plan, result)));
  else if (result && (plan.count > 0 || result.cleared > 0)) terminal.write(describeResult(result));
  if (!agreed) throw new CommandFailed("nothing was redriven: it takes --yes");
}

/** What there is instead, where what is named does not exist. @throws CommandFailed, UnknownSession */
async function refuseNothing({ services }: Gateway, session: string, provider: string | undefined): Promise<void> {
  const hooks = await loadHooks(services.table, session);
  if (hooks.length === 0 && !(await findSession(services, session))) throw new UnknownSession(session);
  if (provider === undefined) return;
  const has = hooks.map((hook) => `${hook.provider} (${hookStatus(hook)})`).join(", ") || "none yet";
  throw new CommandFailed(
    `no dead hook of "${session}" for "${provider}": it has ${has}; see npx vesper hooks show ${session}`,
  );
}

async function confirm(terminal: Terminal, { count }: RedrivePlan, { json }: BulkOptions): Promise<boolean> {
  if (!terminal.isInteractive || json) return false;
  return /^y(es)?$/i.test((await terminal.ask(`Redrive ${count}? [y/N] `)).trim());
}

function describePlan({ count, oldest, newest, providers, unread }: RedrivePlan, now: number): string {
  if (count === 0) return unread.length > 0 ? "no dead hooks that could be read" : "no dead hooks";
  const parts = Object.entries(providers).map(([provider, number]) => `${provider} ${number}`);
  const died = count === 1 ? `died ${when(oldest, now)}` : `died from ${when(oldest, now)} to ${when(newest, now)}`;
  return `${count} dead ${count === 1 ? "hook" : "hooks"} (${parts.join(", ")}), ${died}`;
}

function describeResult({ revived, notRevived, cleared }: RedriveResult): string {
  const others = notRevived.map(({ session, provider }) => `\n  ${session} ${provider}`).join("");
  const rest = others ? `; ${notRevived.length} not revived, as somebody else had done it:${others}` : "";
  const dlqMessages = `${cleared} ${cleared === 1 ? "dead letter" : "dead letters"} cleared`;
  if (revived.length + notRevived.length === 0) return dlqMessages;
  return `${revived.length} revived and on the queue, ${dlqMessages}${rest}`;
}

/** `acted`: whether anything was tried; `cleared`: how many DLQ messages were taken away. Times in ISO 8601. */
function report({ count, oldest, newest, providers, unread }: RedrivePlan, result: RedriveResult | undefined) {
  const names = (hooks: RedriveResult["revived"] = []) => hooks.map(({ session, provider }) => ({ session, provider }));
  return {
    plan: { count, oldest: isoTime(oldest), newest: isoTime(newest), providers, unread },
    acted: result !== undefined,
    revived: names(result?.revived),
    notRevived: names(result?.notRevived),
    cleared: result?.cleared ?? 0,
  };
}
