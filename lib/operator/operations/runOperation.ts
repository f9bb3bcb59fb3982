import { readAhead } from "../../runtime/async.ts";
import { CommandFailed } from "../CommandFailed.ts";
import { clearDlq } from "../clearDlq.ts";
import { withoutUsers } from "../filter/parseFilter.ts";
import { hasCanary, nounOf } from "./Batch.ts";
import { batches } from "./batches.ts";
import { awaitCanary } from "./canary.ts";
import { type Operation, readOperation, type Target, type Tools, updateOperation } from "./Operation.ts";

/** How long a process has a bulk action to itself after its last word, milliseconds. */
const LEASE = 60_000;

/** How many are acted on between two words of progress: a second's work, so that a cancelled action stops soon. */
const PAGE = 400;

/** Who looks on. */
export interface Onlooker {
  /** Is told what has been done, after each batch. */
  onProgress?(operation: Operation): void;
  /** Aborted: the work stops after the batch that is under way, and can be resumed. */
  readonly signal?: AbortSignal;
}

/**
 * Does a bulk action, or what is left of it: whatever process began it, and wherever that stopped. All are acted on
 * conditionally, so that nothing is done twice, whoever else is at it. Answers the action as it stands then: `done`,
 * `halted` by its canary, `cancelled` by an operator, or still `running` when the onlooker stopped it.
 *
 * @throws CommandFailed when it is over, or another process is at it; FilterError
 */
export async function runOperation(tools: Tools, id: string, onlooker: Onlooker = {}): Promise<Operation> {
  const lease = tools.services.newId();
  const operation = await take(tools, id, lease);
  const run = new Run(tools, operation, lease, onlooker);
  try {
    await run.toEnd();
  } finally {
    await run.giveBack();
  }
  return run.operation;
}

async function take({ services }: Tools, id: string, lease: string): Promise<Operation> {
  const { table, clock } = services;
  const now = clock.now();
  const taken = await updateOperation(
    table,
    id,
    { status: "running", lease: { id: lease, until: now + LEASE }, reason: undefined },
    {
      condition: "(#status = :running OR #status = :halted) AND (attribute_not_exists(lease) OR lease.#until <= :now)",
      names: { "#until": "until" },
      values: { ":running": "running", ":halted": "halted", ":now": now },
    },
  );
  if (taken) return taken;
  const found = await readOperation(table, id);
  if (!found) throw new CommandFailed(`no bulk action "${id}": npx vesper operations ls lists them`);
  throw new CommandFailed(
    found.lease
      ? `${found.name} is being worked on by another process: try again in a minute if that has stopped`
      : `${found.name} is ${found.status}: there is nothing to resume`,
  );
}

class Run {
  private readonly tools: Tools;
  operation: Operation;
  private readonly lease: string;
  private readonly onlooker: Onlooker;

  constructor(tools: Tools, operation: Operation, lease: string, onlooker: Onlooker) {
    this.tools = tools;
    this.operation = operation;
    this.lease = lease;
    this.onlooker = onlooker;
  }

  async toEnd(): Promise<void> {
    const { canary, tried } = this.operation;
    // An operator who resumes after a canary that failed has mended what failed: others are tried.
    if (canary > 0 && !tried?.passed && !(await this.tryFirst())) return;
    if (!(await this.actOnRest())) return;
    const { services, queues } = this.tools;
    const touchesDead = this.operation.verb === "redrive" || this.operation.verb === "discard";
    const cleared = touchesDead ? await clearDlq(services, queues.dlq) : 0;
    const filter = withoutUsers(this.operation.filter);
    await this.write({ status: "done", endedAt: services.clock.now(), cleared, filter, cursor: undefined });
  }

  /** Whether the canary passed. */
  private async tryFirst(): Promise<boolean> {
    const { clock } = this.tools.services;
    const { canary, rate } = this.operation;
    const at = clock.now();
    // One after another where all at once would be more than a second may have.
    const page = rate !== undefined && rate < canary ? 1 : canary;
    const acted: Target[] = [];
    let left = canary;
    for await (const { targets, act } of batches(this.tools, this.operation, { page })) {
      if (targets.length === 0) continue;
      const began = clock.now();
      const done = await act();
      acted.push(...done);
      const tried = { at, targets: acted, passed: false };
      if (!(await this.write({ tried, done: this.operation.done + done.length }))) return false;
      if (rate !== undefined) await clock.until(began + (done.length / rate) * 1000);
      left -= page;
      if (left <= 0) break;
    }
    const { tried } = this.operation;
    if (!tried || tried.at !== at || !hasCanary(this.operation.verb)) return true;
    const outcome = await awaitCanary(this.tools, tried, () => this.write({}));
    if (!outcome) return false;
    if (outcome.passed) return this.write({ tried: { ...tried, passed: true } });
    await this.write({ status: "halted", reason: outcome.reason });
    return false;
  }

  private async actOnRest(): Promise<boolean> {
    const { services } = this.tools;
    const { rate, cursor } = this.operation;
    const page = rate === undefined ? PAGE : Math.min(PAGE, Math.max(1, rate));
    const found = batches(this.tools, this.operation, { page, cursor });
    // To ask for messages behind the last of them is to show all of them again: these must be acted on before.
    const readsAhead = rate === undefined && nounOf(this.operation.verb) !== "message";
    for await (const { targets, act, next } of readsAhead ? readAhead(found) : found) {
      const began = services.clock.now();
      const done = await act();
      const progress = {
        done: this.operation.done + done.length,
        left: this.operation.left + targets.length - done.length,
        ...(next === undefined ? {} : { cursor: next }),
      };
      if (!(await this.write(progress))) return false;
      if (rate !== undefined) await services.clock.until(began + (done.length / rate) * 1000);
    }
    return true;
  }

  /** Writes what has been done, as long as this process has the lease and nobody has cancelled it. */
  private async write(changes: Partial<Record<keyof Operation, unknown>>): Promise<boolean> {
    const { table, clock } = this.tools.services;
    const { id } = this.operation;
    const lease = { id: this.lease, until: clock.now() + LEASE };
    const written = await updateOperation(
      table,
      id,
      { ...changes, lease },
      { condition: "lease.id = :mine AND #state = :running", ...ownAndRunning(this.lease) },
    );
    if (written) this.operation = written;
    else {
      // Cancelled meanwhile: what was done before that is told all the same.
      const { status: _, ...told } = changes;
      const own = { condition: "lease.id = :mine", values: { ":mine": this.lease } };
      this.operation = (await updateOperation(table, id, { ...told, lease }, own)) ?? this.operation;
    }
    this.onlooker.onProgress?.(this.operation);
    return written !== undefined && this.onlooker.signal?.aborted !== true;
  }

  async giveBack(): Promise<void> {
    const own = { condition: "lease.id = :mine", values: { ":mine": this.lease } };
    const given = await updateOperation(this.tools.services.table, this.operation.id, { lease: undefined }, own);
    if (given) this.operation = given;
  }
}

const ownAndRunning = (lease: string) => ({
  names: { "#state": "status" },
  values: { ":mine": lease, ":running": "running" },
});
