import type { Command } from "commander";
import type { Hook } from "../../lib/domain/Hook.ts";
import { CommandFailed } from "../../lib/operator/CommandFailed.ts";
import { findSession, sessionOf, UnknownSession } from "../../lib/operator/findSession.ts";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import { listBreakers } from "../../lib/operator/listBreakers.ts";
import { singleLine, when } from "../../lib/operator/plain.ts";
import { attemptsOf, hookDetails, hookStatus, isoTime } from "../../lib/operator/views.ts";
import { loadHooks } from "../../lib/store/readHooks.ts";
import type { ReadServices } from "../../lib/store/readItems.ts";
import { jsonOption } from "../options/jsonOption.ts";
import { painter } from "../output/painter.ts";
import { toJson } from "../output/toJson.ts";
import type { Terminal } from "../Terminal.ts";

/** `vesper hooks show`: what was tried, when, and what came of it. */
export function hooksShow(parent: Command, terminal: Terminal): void {
  parent
    .command("show")
    .description("show a session's hooks with the timeline of their attempts")
    .argument("<session>", "the session's id, or the end of it")
    .argument("[provider]", "only the hook of this provider")
    .addOption(jsonOption())
    .action(async (given: string, provider: string | undefined, { json }: { json?: true }) => {
      using gateway = await connect(terminal, parent.optsWithGlobals<Target>());
      const session = await sessionOf(gateway.services, given);
      const all = await loadHooks(gateway.services.table, session);
      const hooks = all.filter((hook) => provider === undefined || hook.provider === provider);
      if (all.length === 0 && !(await findSession(gateway.services, session))) throw new UnknownSession(session);
      if (hooks.length === 0) throw new NoHook(session, provider, all);
      const down = await downSince(gateway.services, hooks);
      if (json) {
        const details = hooks.map((hook) => ({ ...hookDetails(hook), providerDownSince: isoTime(down.get(hook)) }));
        return terminal.write(toJson(details));
      }
      const now = terminal.clock.now();
      terminal.write(painter(terminal)(hooks.map((hook) => describe(hook, down.get(hook), now)).join("\n\n")));
    });
}

/** Since when the providers of pending hooks are taken to be down, by hook. */
async function downSince(
  services: ReadServices,
  hooks: readonly Hook[],
): Promise<ReadonlyMap<Hook, number | undefined>> {
  const pending = hooks.filter(({ status }) => status === "pending");
  const { rows } = await listBreakers(
    services,
    pending.map((hook) => hook.provider),
  );
  return new Map(pending.map((hook) => [hook, rows.find((row) => row.provider === hook.provider)?.openedAt]));
}

function describe(hook: Hook, downSince: number | undefined, now: number): string {
  const { receipt } = hook;
  const lines = [
    `${hook.session} -> ${hook.provider}: ${hookStatus(hook)}${hook.skipped ? ` (${hook.skipped})` : ""}`,
    `  attempts ${attemptsOf(hook)}, redriven ${hook.redrives} times, enqueued again ${hook.enqueues} times`,
    ...hook.failures.map(({ at, took, kind, status, message, body }) =>
      event(
        at,
        now,
        `failed after ${took} ms: ${[kind, status, message, body && `| ${body}`].filter(Boolean).join(" ")}`,
      ),
    ),
  ];
  if (hook.acceptedAt !== undefined) {
    const words = hook.deliveredAt === undefined ? [receipt?.status, receipt?.id, receipt?.body] : [];
    lines.push(event(hook.acceptedAt, now, ["accepted", ...words].filter(Boolean).join(" ")));
  }
  if (hook.deliveredAt !== undefined) {
    const words = [receipt?.status, receipt?.id, receipt?.body].filter(Boolean).join(" ");
    lines.push(event(hook.deliveredAt, now, `delivered: ${words || "acknowledged without a receipt"}`));
  }
  if (hook.deadAt !== undefined) {
    lines.push(
      event(hook.deadAt, now, `dead: mend it, then npx vesper hooks redrive ${hook.session} ${hook.provider}`),
    );
  }
  if (downSince !== undefined) {
    lines.push(`  waits, as ${hook.provider} is taken to be down since ${when(downSince, now)}`);
  }
  if (hook.status === "pending") {
    lines.push(event(hook.nextAttemptAt, now, hook.accepted ? "asked what became of it" : "next attempt"));
  }
  return lines.join("\n");
}

function event(at: number, now: number, words: string): string {
  return `  ${new Date(at).toISOString()}  ${when(at, now).padEnd(8)}  ${singleLine(words)}`;
}

class NoHook extends CommandFailed {
  override readonly name = "NoHook";

  constructor(session: string, provider: string | undefined, hooks: readonly Hook[]) {
    const has =
      hooks.length > 0
        ? `it has ${hooks.map((hook) => hook.provider).join(", ")}`
        : "a session has none before it ends";
    super(
      provider === undefined ? `no hooks of "${session}": ${has}` : `no hook of "${session}" for "${provider}": ${has}`,
    );
  }
}
