import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import type { MemoryProvider } from "../../adapter/MemoryProvider.ts";
import type { Config } from "../../config/Config.ts";
import type { Hook } from "../../domain/Hook.ts";
import { VesperError } from "../../domain/VesperError.ts";
import { describeError } from "../../runtime/jsonLogger.ts";
import { countAtWork } from "./countAtWork.ts";
import type { Somebody } from "./findTraces.ts";

/** What came of it at one provider. */
export interface ForgottenAt {
  readonly provider: string;
  /** `can't`: its adapter has no way to; `failed`: try again. */
  readonly status: "erased" | "would erase" | "can't" | "failed";
  readonly detail: string;
}

type Chat = Parameters<NonNullable<MemoryProvider["forget"]>>[0]["chat"];

/**
 * Has each provider that can forget a user, in direct chats and in each other chat where something was said. One that still
 * works on a session with their words has failed: it would store them when it has forgotten.
 */
export async function forgetAtProviders(
  adapters: AdapterServices,
  config: Config,
  { tenant, platform, user }: Somebody,
  {
    chats,
    scopes,
    accepted,
  }: { readonly chats: readonly Chat[]; readonly scopes: ReadonlySet<string>; readonly accepted: readonly Hook[] },
  act: boolean,
): Promise<readonly ForgottenAt[]> {
  // Rows of chats whose sessions are purged by now, and of providers that are not configured any more.
  if (act) for (const scope of scopes) await adapters.memories.clear(scope);
  const places: readonly Chat[] = chats.some(({ type }) => type === "dm")
    ? chats
    : [{ id: user, type: "dm" }, ...chats];
  return Promise.all(
    Object.entries(config.memory).map(async ([provider, adapter]): Promise<ForgottenAt> => {
      const memory = adapter.create(adapters);
      if (!memory.forget) {
        const detail = "its adapter has no forget: erase it there by hand, by the user's id and the sessions' ids";
        return { provider, status: "can't", detail };
      }
      if (!act) return { provider, status: "would erase", detail: inPlaces(places) };
      try {
        const own = accepted.filter((hook) => hook.provider === provider);
        const working = await countAtWork(memory, config, own);
        for (const chat of places) await memory.forget({ tenant, platform, chat, user: { id: user } });
        if (working > 0) {
          const sessions = `${working} accepted ${working === 1 ? "session" : "sessions"}`;
          const detail = `erased what is stored, but it still works on ${sessions}: try again in a minute`;
          return { provider, status: "failed", detail };
        }
        return { provider, status: "erased", detail: inPlaces(places) };
      } catch (error) {
        const detail = error instanceof VesperError ? error.message : describeError(error);
        return { provider, status: "failed", detail: `${detail}: try again` };
      }
    }),
  );
}

function inPlaces(places: readonly Chat[]): string {
  const others = places.filter(({ type }) => type !== "dm").length;
  return others === 0 ? "direct chats" : `direct chats and ${others} ${others === 1 ? "other chat" : "other chats"}`;
}
