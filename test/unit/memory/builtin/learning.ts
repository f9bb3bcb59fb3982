import { defineAdapter } from "../../../../lib/adapter/Adapter.ts";
import type { EndedSession, ProviderCall, RecallQuery } from "../../../../lib/adapter/MemoryProvider.ts";
import type { ModelAnswer, ModelRequest } from "../../../../lib/adapter/Model.ts";
import { strictFields } from "../../../../lib/adapter/schema/strictFields.ts";
import { callOf, endedSession, recallQuery } from "../../../../lib/adapter/testing/sessions.ts";
import { testServices } from "../../../../lib/adapter/testing/testServices.ts";
import type { Json } from "../../../../lib/domain/json.ts";
import { builtin } from "../../../../lib/memory/builtin/builtin.ts";

export const DAY = 86_400_000;

export const START = endedSession().startedAt;

/** What the model is asked about. */
interface Seen {
  readonly known_facts: readonly { readonly number: number; readonly text: string }[];
  readonly conversation: readonly { readonly number?: number; readonly by: string; readonly text: string }[];
}

/** What stands in the one place for data. */
export function dataOf({ messages: [message] }: ModelRequest): Seen {
  return JSON.parse(/^<data>\n(.*)\n<\/data>$/s.exec(message?.content ?? "")?.[1] ?? "{}");
}

/** What the model says is to be remembered; undefined where it calls nothing. */
export type Think = (seen: Seen) => { readonly [name: string]: Json } | undefined;

export type Learning = ReturnType<typeof createLearning>;

/** The builtin memory with a model that answers what `think` says. */
export function createLearning(think: Think) {
  const requests: ModelRequest[] = [];
  const services = testServices();
  const stub = defineAdapter("model", "stub", strictFields({}), () => ({
    async complete(request): Promise<ModelAnswer> {
      requests.push(request);
      const input = think(dataOf(request));
      return { text: "", model: "stub", ...(input ? { calls: [{ id: "1", name: "remember", input }] } : {}) };
    },
  }));
  const provider = builtin({ model: stub() }).create(services);
  return {
    requests,
    services,
    provider,
    end: (session: EndedSession, changes: Partial<ProviderCall> = {}) =>
      provider.onSessionEnd(session, callOf(session, changes)),
    /** The texts of what it recalls. */
    recall: async (changes: Partial<RecallQuery> = {}) =>
      (await provider.recall?.(recallQuery({ text: "", ...changes }), AbortSignal.timeout(1_000)))?.map(
        ({ text }) => text,
      ),
  };
}

/** A session of Ana's, days after START. */
export function said(day: number, ...texts: string[]): EndedSession {
  const at = START + day * DAY;
  const messages = texts.map((content, i) => ({
    role: "user" as const,
    content,
    author: { id: "u-ana" },
    at: at + i,
  }));
  return endedSession({ session: `s-${day}`, startedAt: at, endedAt: at + 3_600_000, messages });
}

/** A fact as the model tells it. */
export const fact = (text: string, message: number, ...replaces: number[]) => ({ text, message, replaces });
