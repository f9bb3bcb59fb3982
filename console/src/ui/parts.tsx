import type { ComponentChildren } from "preact";
import type { Called } from "../state/useCall.ts";

type Tone = "good" | "wait" | "bad" | "mute" | "accent";

const TONES: Readonly<Record<string, Tone>> = {
  delivered: "good",
  done: "good",
  ok: "good",
  closed: "good",
  open: "accent",
  running: "accent",
  pending: "wait",
  accepted: "wait",
  halted: "wait",
  stopped: "wait",
  failing: "wait",
  dead: "bad",
  failed: "bad",
  ended: "mute",
  skipped: "mute",
  discarded: "mute",
  cancelled: "mute",
};

/** A state in a word, with its colour. */
export function Badge({ state, tone }: { readonly state: string; readonly tone?: Tone }) {
  return <span class={`badge ${tone ?? TONES[state] ?? "mute"}`}>{state}</span>;
}

/** The end of an id, which tells it from others; the whole of it for those who point at it. */
export function ShortId({ id }: { readonly id: string }) {
  return (
    <span class="mono" title={id}>
      {id.slice(-6)}
    </span>
  );
}

/** The head of a page: what it is, and what can be done on it. */
export function Head({
  title,
  lead,
  children,
}: {
  readonly title: ComponentChildren;
  readonly lead?: ComponentChildren;
  readonly children?: ComponentChildren;
}) {
  return (
    <header class="head">
      <div>
        <h1 tabIndex={-1}>{title}</h1>
        {lead && <p class="lead">{lead}</p>}
      </div>
      {children && <div class="actions">{children}</div>}
    </header>
  );
}

/** What stands where there is nothing to show. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) {
  return (
    <div class="empty fades">
      <svg viewBox="0 0 48 48" width="44" height="44" aria-hidden="true">
        <circle cx="24" cy="24" r="17" fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray="3 4" />
        <path d="M31 27a9 9 0 0 1-11-11 9 9 0 1 0 11 11z" fill="currentColor" opacity=".35" />
      </svg>
      <p class="title">{title}</p>
      {children && <p>{children}</p>}
    </div>
  );
}

/** What is shown of a call: a wait, an error that says what to do, or its answer. */
export function Answer<Data>({
  of,
  children,
}: {
  readonly of: Called<Data>;
  readonly children: (data: Data) => ComponentChildren;
}) {
  const { data, error, reload } = of;
  return (
    <>
      {error && (
        <div class="note bad" role="alert">
          <p>{error.message}</p>
          <button type="button" class="button" onClick={reload}>
            Try again
          </button>
        </div>
      )}
      {data !== undefined ? children(data) : !error && <Waiting />}
    </>
  );
}

function Waiting() {
  return (
    <div class="waiting" role="status" aria-label="Loading">
      <i />
      <i />
      <i />
    </div>
  );
}

/** Rows that could not be read. */
export function Unread({ rows }: { readonly rows: readonly { readonly pk: string; readonly why: string }[] }) {
  const [first] = rows;
  if (!first) return null;
  return (
    <p class="note wait">
      {rows.length} {rows.length === 1 ? "row" : "rows"} could not be read, such as <span class="mono">{first.pk}</span>
      : {first.why}
    </p>
  );
}

/** A number with its unit in words. */
export function many(count: number, one: string, others = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : others}`;
}
