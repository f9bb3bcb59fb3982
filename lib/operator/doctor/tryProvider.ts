import type { EndedSession, MemoryOwner, MemoryProvider, ProviderCall } from "../../adapter/MemoryProvider.ts";
import type { Config } from "../../config/Config.ts";
import { deliveryKey } from "../../domain/ids.ts";
import type { Json } from "../../domain/json.ts";
import { VesperError } from "../../domain/VesperError.ts";
import { describeError } from "../../runtime/jsonLogger.ts";
import type { Gateway } from "../gateway/connect.ts";
import { type Finding, failed, ok, skipped } from "./Finding.ts";

/** A platform that no config has: what is stored here is nobody's. */
const PLATFORM = "vesper-doctor";

/** Between two looks at what a provider recalls, milliseconds: many extract only after they have acknowledged. */
const PAUSE = 2_000;

/** The longest that one recall may take, milliseconds. */
const RECALL_TIMEOUT = 10_000;

/**
 * Stores a marked session at a provider, with the operator's own credentials, looks whether it is recalled, and has it
 * forgotten: one finding each. Nothing of it goes through the gateway's queues, and nothing stands in its ledger.
 *
 * @param wait how long the provider may take until it recalls, milliseconds
 */
export async function tryProvider(
  { services, adapters }: Gateway,
  config: Config,
  name: string,
  wait: number,
): Promise<readonly Finding[]> {
  const adapter = config.memory[name];
  if (!adapter) {
    const there = Object.keys(config.memory).join(", ") || "none";
    return [failed(`${name} stores`, `the config has no memory provider of that name: it has ${there}`)];
  }
  const provider = adapter.create(adapters);
  const { clock, newId } = services;
  const id = newId();
  const mark = `ultramarine-${id.slice(-8).toLowerCase()}`;
  const session = markedSession(config.tenant, id, mark, clock.now());
  const { user, ...where } = whoOf(session);
  const stored = await storeAt(provider, session, deliveryKey(config.tenant, name, id), config.hooks.timeout);
  const stores = `${name} stores`;
  if (stored.error !== undefined) return [failed(stores, stored.error)];
  return [
    ok(stores, [`session ${id} of the user ${user.id}`, stored.receipt].filter((part) => part !== "").join(": ")),
    ...(stored.accepted === undefined
      ? []
      : [await confirmAt(provider, name, stored.accepted, stored.call, wait, clock)]),
    await recallAt(provider, name, { ...where, user }, mark, wait, clock),
    await forgetAt(provider, name, { ...where, user }),
  ];
}

/** A session in which a user says something that nobody else would, in words of which every extraction makes a fact. */
function markedSession(tenant: string, id: string, mark: string, now: number): EndedSession {
  const user = { id: `doctor-${id}`, name: "Doctor" };
  return {
    ...{ tenant, session: id, conversation: `${tenant}/${PLATFORM}/${id}`, platform: PLATFORM },
    ...{ chat: { id: user.id, type: "dm" }, users: [user], reason: "api", turns: 1 },
    ...{ startedAt: now - 1_000, endedAt: now },
    messages: [
      { role: "user", content: `My favourite colour is ${mark}.`, author: user, at: now - 1_000 },
      { role: "assistant", content: "I will remember that.", at: now },
    ],
  };
}

function whoOf({ tenant, platform, chat, users: [user = { id: "" }] }: EndedSession): MemoryOwner {
  return { tenant, platform, chat, user };
}

async function storeAt(provider: MemoryProvider, session: EndedSession, key: string, timeout: number) {
  const call = (): ProviderCall => ({
    ...{ deliveryKey: key, attempt: 1, timeout, signal: AbortSignal.timeout(timeout) },
    // There is no second attempt that would need it.
    ...{ checkpoint: undefined, saveCheckpoint: async () => {} },
  });
  try {
    const { id, status, body, accepted } = await provider.onSessionEnd(session, call());
    const receipt = [id, status, body].filter((part) => part !== undefined && part !== "").join(", ");
    return { receipt, accepted, call };
  } catch (error) {
    return { receipt: "", call, error: inWords(error) };
  }
}

/** What becomes of a session that the provider has only accepted. */
async function confirmAt(
  provider: MemoryProvider,
  name: string,
  accepted: Json,
  call: () => ProviderCall,
  wait: number,
  clock: Gateway["services"]["clock"],
): Promise<Finding> {
  const check = `${name} confirms`;
  const started = clock.now();
  try {
    for (;;) {
      const answer = await provider.confirm?.(accepted, call());
      const after = `after ${((clock.now() - started) / 1000).toFixed(1)} s`;
      if (answer?.outcome === "stored") return ok(check, `stored ${after}`);
      if (answer?.outcome === "failed") return failed(check, answer.error.message);
      if (clock.now() - started >= wait) return failed(check, `still at work ${after}: give it longer by --wait`);
      await clock.until(Math.min(clock.now() + PAUSE, started + wait));
    }
  } catch (error) {
    return failed(check, inWords(error));
  }
}

async function recallAt(
  provider: MemoryProvider,
  name: string,
  who: MemoryOwner,
  mark: string,
  wait: number,
  clock: Gateway["services"]["clock"],
): Promise<Finding> {
  const check = `${name} recalls`;
  if (!provider.recall) return skipped(check, "it has no recall: look there for the session");
  const query = { ...who, text: "What is my favourite colour?", limit: 10, timeout: RECALL_TIMEOUT };
  const started = clock.now();
  const seconds = () => `${((clock.now() - started) / 1000).toFixed(1)} s`;
  try {
    for (;;) {
      const memories = await provider.recall(query, AbortSignal.timeout(RECALL_TIMEOUT));
      if (memories.some(({ text }) => text.toLowerCase().includes(mark)))
        return ok(check, `${mark} after ${seconds()}`);
      if (clock.now() - started >= wait) {
        return failed(
          check,
          `${memories.length} memories after ${seconds()}, none of ${mark}: give it longer by --wait`,
        );
      }
      await clock.until(Math.min(clock.now() + PAUSE, started + wait));
    }
  } catch (error) {
    return failed(check, inWords(error));
  }
}

async function forgetAt(provider: MemoryProvider, name: string, who: MemoryOwner): Promise<Finding> {
  const check = `${name} forgets`;
  if (!provider.forget)
    return skipped(check, `it has no forget: erase there by hand what the user ${who.user.id} said`);
  try {
    await provider.forget(who);
    return ok(check, "the session is erased");
  } catch (error) {
    return failed(check, inWords(error));
  }
}

function inWords(error: unknown): string {
  return error instanceof VesperError ? error.message : describeError(error);
}
