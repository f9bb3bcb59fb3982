import { DeliveryError, HttpError } from "../adapter/errors.ts";
import { truncate } from "../adapter/text/truncate.ts";
import { type Breaker, breakerSchema } from "../domain/Breaker.ts";
import type { HookAttempt } from "../domain/Hook.ts";
import type { VesperError } from "../domain/VesperError.ts";
import type { CoreServices, Table } from "../services/Services.ts";
import { breakerItem } from "./keys.ts";
import { readItem } from "./readItem.ts";
import { conditionHeld, type ItemUpdate, updateItem } from "./updateItem.ts";
import { parseVersioned, VERSION } from "./versions.ts";

/**
 * What a failed attempt says of the provider. `down`: no answer, or one that says that it is unwell (5xx). `up`: any other
 * answer, whatever it thinks of us: 401, 400, 409, 429. Undefined: nothing, as it was not asked, crashed or has a bug.
 */
export function saysOf(error: unknown): "up" | "down" | undefined {
  // No answer, as an adapter has it that asks `http` itself.
  if (error instanceof HttpError) return "down";
  if (!(error instanceof DeliveryError)) return undefined;
  const { kind, status, outcome } = error;
  if (status !== undefined && status < 500) return "up";
  if (kind === "timeout" || kind === "transient") return "down";
  return outcome === "not-sent" ? undefined : "up";
}

/**
 * Failures in a row from which on a provider is taken for dead. A provider that fails one call in ten at random, as an
 * overloaded one does, has five in a row once in 100,000 calls; a dead one has them with its first five.
 */
const MOST_FAILURES = 5;

/** Between two probes, milliseconds: the session-end function's time limit, so that the last one has ended by then. */
const PROBE_EVERY = 60_000;

/** As much of a failure's message as the row keeps, characters: below 1 KB a write of it is one unit. */
const MESSAGE_HEAD = 200;

/**
 * A provider's breaker (a consistent read); undefined when it has not failed yet, and when it is not in the config: its
 * hooks are for an operator then, whatever the breaker says.
 *
 * @throws NewerVersion
 */
export async function readBreaker(
  { table, config }: Pick<CoreServices, "table" | "config">,
  provider: string,
): Promise<Breaker | undefined> {
  if (!Object.hasOwn(config.memory, provider)) return undefined;
  const item = await readItem(table, breakerItem(provider));
  return item && parseVersioned(breakerSchema, item);
}

/** Whether the probe that is due is this caller's: one of all those who ask gets it, the others when it is due again. */
export async function winProbe(table: Table, { provider, probeAt }: Breaker, now: number): Promise<boolean> {
  if (probeAt === undefined || probeAt > now) return false;
  return change(table, provider, {
    UpdateExpression: "SET probeAt = :next, changedAt = :now",
    ConditionExpression: "#status = :open AND probeAt = :was",
    ExpressionAttributeValues: { ":next": now + PROBE_EVERY, ":now": now, ":open": "open", ":was": probeAt },
  });
}

/** An operator wants the next hook of an open breaker tried now: it is the probe. */
export async function probeNow(
  { table, clock }: Pick<CoreServices, "table" | "clock">,
  provider: string,
): Promise<void> {
  const now = clock.now();
  await change(table, provider, {
    UpdateExpression: "SET probeAt = :now, changedAt = :now",
    ConditionExpression: "#status = :open AND probeAt > :now",
    ExpressionAttributeValues: { ":now": now, ":open": "open" },
  });
}

/** The provider has answered: closes its breaker. Writes nothing when it was closed and without a failure as it was read. */
export async function noteAnswer(
  { table, clock, log }: Pick<CoreServices, "table" | "clock" | "log">,
  breaker: Breaker | undefined,
): Promise<void> {
  if (!breaker || breaker.failures === 0) return;
  const closed = await change(table, breaker.provider, {
    UpdateExpression: "SET #status = :closed, failures = :zero, changedAt = :now REMOVE openedAt, probeAt",
    ConditionExpression: "failures > :zero",
    ExpressionAttributeValues: { ":closed": "closed", ":zero": 0, ":now": clock.now() },
  });
  if (closed && breaker.status === "open") log.info("breaker.closed", { provider: breaker.provider });
}

/**
 * An attempt has failed. What says "down" counts, and opens the breaker in the end; another answer closes it; what says
 * nothing of the provider, as a bug or a crash, changes nothing.
 *
 * @param breaker as it was read before the attempt
 */
export async function noteFailure(
  services: Pick<CoreServices, "table" | "clock" | "log" | "metrics">,
  provider: string,
  breaker: Breaker | undefined,
  error: VesperError,
  failure: HookAttempt,
): Promise<void> {
  const says = saysOf(error);
  if (says === "up") await noteAnswer(services, breaker);
  if (says !== "down") return;
  const { log, metrics } = services;
  const { failures, status } = await countFailure(services, provider, failure);
  const opens = status === "closed" && failures >= MOST_FAILURES && (await open(services, provider));
  if (opens) log.error("breaker.opened", error, { provider, failures });
  if (opens || status === "open") metrics.put("BreakerOpen", 1, "Count", { Provider: provider });
}

async function countFailure(
  { table, clock }: Pick<CoreServices, "table" | "clock">,
  provider: string,
  { at, kind, status, message }: HookAttempt,
): Promise<Breaker> {
  const last = { at, kind, ...(status === undefined ? {} : { status }), message: truncate(message, MESSAGE_HEAD) };
  const after = await updateItem(table, {
    Key: breakerItem(provider),
    UpdateExpression:
      "SET #status = if_not_exists(#status, :closed), failures = if_not_exists(failures, :zero) + :one, " +
      "#last = :last, changedAt = :now, provider = :provider, v = :v",
    ConditionExpression: "attribute_not_exists(pk) OR attribute_exists(failures)",
    ExpressionAttributeNames: { "#status": "status", "#last": "last" },
    ExpressionAttributeValues: {
      ...{ ":closed": "closed", ":zero": 0, ":one": 1, ":last": last, ":v": VERSION },
      ...{ ":now": clock.now(), ":provider": provider },
    },
    ReturnValues: "ALL_NEW",
  });
  return parseVersioned(breakerSchema, after);
}

/** Opens a closed breaker; not when the provider has answered meanwhile, or another worker has opened it. */
function open({ table, clock }: Pick<CoreServices, "table" | "clock">, provider: string): Promise<boolean> {
  const now = clock.now();
  return change(table, provider, {
    UpdateExpression: "SET #status = :open, openedAt = :now, probeAt = :next, changedAt = :now",
    ConditionExpression: "#status = :closed AND failures >= :most",
    ExpressionAttributeValues: {
      ...{ ":open": "open", ":closed": "closed", ":most": MOST_FAILURES },
      ...{ ":now": now, ":next": now + PROBE_EVERY },
    },
  });
}

/** Whether a breaker is changed; false when the condition does not hold. */
function change(table: Table, provider: string, update: Omit<ItemUpdate, "Key">): Promise<boolean> {
  return conditionHeld(
    updateItem(table, { Key: breakerItem(provider), ExpressionAttributeNames: { "#status": "status" }, ...update }),
  );
}
