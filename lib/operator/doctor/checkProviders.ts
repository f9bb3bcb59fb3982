import { truncate } from "../../adapter/text/truncate.ts";
import type { Config } from "../../config/Config.ts";
import type { Breaker } from "../../domain/Breaker.ts";
import { keyTail } from "../../store/keys.ts";
import type { Gateway } from "../gateway/connect.ts";
import { listBreakers } from "../listBreakers.ts";
import { listHooks } from "../listHooks.ts";
import { when } from "../plain.ts";
import { type Finding, failed, ok } from "./Finding.ts";

/** Pending hooks, and accepted ones, that are looked at for each provider: a few seconds' worth. */
const MOST = 1_000;

/** As much of a failure's message as a line shows, characters. */
const MESSAGE_HEAD = 100;

/** Whether each memory provider takes what it is sent, one finding each. */
export async function checkProviders({ services }: Gateway, config: Config): Promise<readonly Finding[]> {
  const providers = Object.keys(config.memory);
  const { rows, unread } = await listBreakers(services, providers);
  const findings = providers.map(async (provider): Promise<Finding> => {
    const check = `${provider} deliveries`;
    const spoiled = unread.find(({ pk }) => keyTail(pk) === provider);
    if (spoiled) return failed(check, `its breaker can't be read: ${spoiled.why}`);
    const breaker = rows.find((row) => row.provider === provider);
    const [{ hooks: pending }, { hooks: accepted }] = await Promise.all([
      listHooks(services, { status: "pending", provider, limit: MOST }),
      listHooks(services, { status: "accepted", provider, limit: MOST }),
    ]);
    const hooks = [...pending, ...accepted];
    const failures = hooks.flatMap((hook) => hook.failures.slice(-1)).sort((a, b) => a.at - b.at);
    const now = services.clock.now();
    const open = breaker?.status === "open" ? [describeOpen(breaker, now)] : [];
    const last = failures.at(-1);
    const many = `${failures.length}${Math.max(pending.length, accepted.length) < MOST ? "" : ` or more`}`;
    const are = failures.length === 1 ? "hook is" : "hooks are";
    const failing = last ? [`${many} pending ${are} failing (last: ${describeFailure(last, now)})`] : [];
    const atWork = accepted.length === 0 ? "" : ` and ${accepted.length} accepted`;
    if (open.length + failing.length === 0) return ok(check, `${pending.length} pending${atWork}, none failing`);
    return failed(
      check,
      `${[...open, ...failing].join("; ")}: npx vesper hooks ls --status ${pending.length > 0 || accepted.length === 0 ? "pending" : "accepted"} --provider ${provider}`,
    );
  });
  return Promise.all(findings);
}

function describeOpen({ openedAt = 0, failures, last }: Breaker, now: number): string {
  return `taken to be down since ${when(openedAt, now)}, after ${failures} failures in a row (last: ${describeFailure(last, now)}), and asked once a minute`;
}

function describeFailure(
  { kind, status, message, at }: { kind: string; status?: number; message: string; at: number },
  now: number,
): string {
  return [kind, status, truncate(message, MESSAGE_HEAD), when(at, now)].filter((part) => part !== undefined).join(" ");
}
