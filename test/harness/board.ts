import { randomUUID } from "node:crypto";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import { parseJson } from "../../lib/adapter/fieldError.ts";
import type { Draft, OutboundChunk, Platform } from "../../lib/adapter/Platform.ts";
import { strictFields } from "../../lib/adapter/schema/strictFields.ts";
import { isObject } from "../../lib/domain/json.ts";

/** A platform on which drafts stay: a message is pinned to a board, and changed in place. */
export interface Board {
  /** For a config. */
  readonly platform: ReturnType<typeof boardOf>;
  /** The texts that are pinned now, in order. */
  pinned(): readonly string[];
  /** Every draft that was shown, with when. */
  readonly drafts: { readonly text: string; readonly shown: unknown; readonly at: number }[];
  /** Every text that a note had, in order. */
  readonly changes: string[];
  /** What the next drafts do before they are pinned, one each: they take time, or throw. */
  readonly before: ((signal: AbortSignal) => Promise<void>)[];
  /** From now on it shows no drafts in this chat. */
  isClosed: boolean;
  typing: number;
}

export function startBoard(): Board {
  const notes = new Map<string, string>();
  const board = { pinned: () => [...notes.values()], drafts: [], changes: [], before: [], isClosed: false, typing: 0 };
  const pin = (id: string, text: string) => {
    notes.set(id, text);
    made.changes.push(text);
    return id;
  };
  const idOf = (ref: unknown) => (typeof ref === "string" && notes.has(ref) ? ref : randomUUID());
  const made: Board = Object.assign(board, {
    platform: boardOf({
      showTyping: async () => {
        made.typing += 1;
      },
      showDraft: async ({ text, shown, signal }: Draft) => {
        made.drafts.push({ text, shown, at: performance.now() });
        if (made.isClosed) return undefined;
        await made.before.shift()?.(signal);
        return { ref: pin(idOf(shown), text) };
      },
      send: async ({ text, draft }: OutboundChunk) => pin(idOf(draft), text),
    }),
  });
  return made;
}

function boardOf(does: Pick<Platform, "showTyping" | "showDraft" | "send">) {
  return defineAdapter(
    "platform",
    "board",
    strictFields({}),
    (): Platform => ({
      ...does,
      receive: async ({ body }) => {
        const said = parseJson(body);
        const text = isObject(said) && "text" in said ? String(said.text) : "";
        const chat = { id: "ann", type: "dm" } as const;
        return {
          messages: [
            { messageId: randomUUID(), chat, user: { id: "ann" }, text, role: "user", origin: "chat", replyTo: "ann" },
          ],
        };
      },
      render: (text) => text.match(/.{1,100}/gs) ?? [],
    }),
  )();
}
