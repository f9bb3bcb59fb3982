import type { Command } from "commander";
import { loadHooks } from "../../lib/hooks/loadHooks.ts";
import { findSession } from "../../lib/operator/findSession.ts";
import { isoTime } from "../../lib/operator/isoTime.ts";
import { planRedrive, type RedrivePlan } from "../../lib/operator/planRedrive.ts";
import { type RedriveResult, redrive } from "../../lib/operator/redrive.ts";
import { CommandFailed } from "../CommandFailed.ts";
import { connect, type Gateway } from "../connect.ts";
import { jsonOption } from "../options/jsonOption.ts";
import { toJson } from "../output/toJson.ts";
import { warnOfUnread } from "../output/warnOfUnread.ts";
import { when } from "../output/when.ts";
import { refuseUnknown } from "../refuseUnknown.ts";
import type { Target } from "../Target.ts";
import type { Terminal } from "../Terminal.ts";
import { UnknownSession } from "../UnknownSession.ts";

interface RedriveOptions {
  readonly provider?: string;
  readonly all?: true;
  readonly yes?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

/** `vesper hooks redrive`: says what it would do, and does it when told so. */
export function hooksRedrive(parent: Command, terminal: Terminal): void {
  const command = parent
    .command("redrive")
    .description("send dead hooks through the queue again; always says first how many and which")
    .argument("[session]", "only the hooks of this session")
    .argument("[provider]", "only the hook of this provider; one hook named so needs no --yes")
    .option("--provider <name>", "only hooks of this provider")
    .option("--all", "every dead hook")
    .option("--yes", "do it without asking")
    .option("--dry-run", "only say what it would do")
    .addOption(jsonOption());
  command.action(async (session: string | undefined, named: string | undefined, options: RedriveOptions) => {
    const provider = named ?? options.provider;
    if (named !== undefined && options.provider !== undefined && named !== options.provider) {
      command.error(`error: two providers are named, ${named} and ${options.provider}`);
    }
    if (session === undefined && provider === undefined && !options.all) {
      command.error("error: say which hooks: a session, --provider, or --all");
    }
    if (session !== undefined && options.all) command.error("error: --all does not go with a session");
    await carryOut(terminal, parent.optsWithGlobals<Target>(), { session, provider }, options);
  });
}

async function carryOut(
  terminal: Terminal,
  target: Target,
  { session, provider }: { readonly session: string | undefined; readonly provider: string | undefined },
  options: RedriveOptions,
): Promise<void> {
  using gateway = await connect(terminal, target);
  const filter = { ...(session === undefined ? {} : { session }), ...(provider === undefined ? {} : { provider }) };
  const plan = await planRedrive(gateway.services, filter);
  warnOfUnread(terminal, plan.unread);
  const isOne = session !== undefined && provider !== undefined;
  if (plan.count + plan.unread.length === 0) await refuseNothing(terminal, target, gateway, { session, provider });
  if (!options.json) terminal.write(describePlan(plan, terminal.clock.now()));
  if (options.dryRun) return options.json ? terminal.write(toJson(report(plan, undefined))) : undefined;
  // With no dead hook there is nothing to agree to: only dead letters that report none are taken away.
  const agreed = plan.count === 0 || options.yes || isOne || (await confirm(terminal, plan, options));
  const result = agreed ? await redrive(gateway.services, gateway.queues, plan) : undefined;
  if (options.json) terminal.write(toJson(report(plan, result)));
  else if (result && (plan.count > 0 || result.cleared > 0)) terminal.write(describeResult(result));
  if (!agreed) throw new CommandFailed("nothing was redriven: it takes --yes");
}

/** What there is instead, where what is named does not exist. @throws CommandFailed, UnknownSession */
async function refuseNothing(
  terminal: Terminal,
  target: Target,
  gateway: Gateway,
  { session, provider }: { readonly session: string | undefined; readonly provider: string | undefined },
): Promise<void> {
  if (session === undefined) {
    if (provider !== undefined) await refuseUnknown(terminal, target, gateway, "provider", provider);
    return;
  }
  const hooks = await loadHooks(gateway.services.table, session);
  if (hooks.length === 0 && !(await findSession(gateway.services, session))) throw new UnknownSession(session);
  if (provider === undefined) return;
  const has = hooks.map((hook) => `${hook.provider} (${hook.status})`).join(", ") || "none yet";
  throw new CommandFailed(
    `no dead hook of "${session}" for "${provider}": it has ${has}; see npx vesper hooks show ${session}`,
  );
}

async function confirm(terminal: Terminal, { count }: RedrivePlan, { json }: RedriveOptions): Promise<boolean> {
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
  const letters = `${cleared} ${cleared === 1 ? "dead letter" : "dead letters"} cleared`;
  if (revived.length + notRevived.length === 0) return letters;
  return `${revived.length} revived and on the queue, ${letters}${rest}`;
}

/** `acted`: whether anything was tried; `cleared`: how many dead letters were taken away. Times in ISO 8601. */
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
