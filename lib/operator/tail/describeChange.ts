import { keyTail } from "../../store/keys.ts";
import { isoTime } from "../views.ts";

/** A row as the table has it. */
type Row = Readonly<Record<string, unknown>>;

/** A write of the table: the row before and after, where there was one. */
export interface TableChange {
  readonly pk: string;
  readonly sk: string;
  readonly before?: Row | undefined;
  readonly after?: Row | undefined;
}

/** One thing that happened. A contract: keys are added, never changed. */
export interface TailEvent {
  /** ISO 8601, of the write. */
  readonly at: string | null;
  readonly what: "session" | "message" | "reply" | "command" | "ended" | "hook" | "memory" | "operation" | "audit";
  /** The session's id, where it is of one. */
  readonly session: string | null;
  /** What happened, in words: states, reasons, errors, and the heads of what was said. */
  readonly text: string;
}

type Told = Omit<TailEvent, "at">;

/** What a write means to an operator: nothing, or a thing or two. @param at milliseconds since the epoch */
export function describeChange(change: TableChange, at: number): readonly TailEvent[] {
  return told(change).map((event) => ({ at: isoTime(at), ...event }));
}

function told({ pk, sk, before, after }: TableChange): readonly Told[] {
  if (!after) return [];
  const id = keyTail(pk);
  if (sk.startsWith("TURN#")) return turnEvents(id, before, after);
  if (sk.startsWith("HOOK#")) return hookEvents(id, keyTail(sk), before, after);
  if (sk.startsWith("SESSION#")) return sessionEvents(keyTail(sk), id, before, after);
  if (pk.startsWith("MEMORY#") && !before) return [{ what: "memory", session: null, text: textOf(after.text) }];
  if (sk === "OPERATION" && (!before || before.status !== after.status)) {
    const words = [after.name, after.status, after.reason].filter(Boolean).join(" ");
    return [{ what: "operation", session: null, text: textOf(words) }];
  }
  if (sk === "AUDIT")
    return [{ what: "audit", session: null, text: textOf(`${after.who} ${after.action} ${after.target}`) }];
  return [];
}

function sessionEvents(session: string, conversation: string, before: Row | undefined, after: Row): readonly Told[] {
  if (!before) return [{ what: "session", session, text: `begins in ${conversation}` }];
  if (before.status === after.status || after.status !== "ended") return [];
  return [{ what: "ended", session, text: `${textOf(after.reason)}, ${Number(after.turns ?? 0)} turns` }];
}

function turnEvents(session: string, before: Row | undefined, after: Row): readonly Told[] {
  if (after.kind === "tombstone") return [];
  if (before) {
    return after.undelivered && !before.undelivered
      ? [{ what: "reply", session, text: "did not arrive: npx vesper replies ls" }]
      : [];
  }
  if (after.command !== undefined) return [{ what: "command", session, text: `/${textOf(after.command)}` }];
  const failed = after.status === "failed" ? "the agent failed: " : "";
  return [
    ...(after.text === undefined ? [] : [{ what: "message", session, text: textOf(after.text) } as const]),
    ...(after.reply === undefined
      ? []
      : [{ what: "reply", session, text: `${failed}${textOf(after.reply)}` } as const]),
  ];
}

function hookEvents(session: string, provider: string, before: Row | undefined, after: Row): readonly Told[] {
  const tell = (words: string): readonly Told[] => [{ what: "hook", session, text: `${provider} ${words}` }];
  const failures = (row: Row | undefined) => (Array.isArray(row?.failures) ? row.failures : []);
  const [last] = failures(after).slice(-1);
  const error = isFailure(last) ? `: ${[last.kind, last.status, last.message].filter(Boolean).join(" ")}` : "";
  if (before?.status !== after.status) {
    if (after.status === "dead") return tell(`dead${error}`);
    if (after.status === "skipped") return tell(after.discarded ? "discarded" : `skipped: ${textOf(after.skipped)}`);
    if (after.status === "pending" && before) return tell("pending again");
    return tell(textOf(after.status));
  }
  if (after.accepted !== undefined && before?.accepted === undefined) return tell("accepted");
  return JSON.stringify(failures(before)) === JSON.stringify(failures(after)) ? [] : tell(`failed${error}`);
}

function isFailure(
  value: unknown,
): value is { readonly kind: unknown; readonly status?: unknown; readonly message: unknown } {
  return typeof value === "object" && value !== null && "kind" in value && "message" in value;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
