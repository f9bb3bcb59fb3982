import { useState } from "preact/hooks";
import { nounOf } from "../../../lib/operator/operations/Batch.ts";
import type { OperationView } from "../../../lib/operator/operations/OperationView.ts";
import { call } from "../state/call.ts";
import { touch } from "../state/live.ts";
import { Link } from "../state/router.tsx";
import { When } from "../state/time.tsx";
import { useCall } from "../state/useCall.ts";
import { manyOf, PlanDialog, VERB_NAMES, type Wish } from "../ui/PlanDialog.tsx";
import { Answer, Badge, Head, many } from "../ui/parts.tsx";
import { attempt } from "../ui/Toasts.tsx";

/** A bulk action: how far it is, and what can be done about it. */
export function Operation({ id }: { readonly id: string }) {
  const operation = useCall<OperationView>(`/api/operation?id=${encodeURIComponent(id)}`, { every: 700 });
  return (
    <>
      <p class="crumbs">
        <Link to="/operations">Operations</Link> / {id}
      </p>
      <Answer of={operation}>{(data) => <Found operation={data} onChange={operation.reload} />}</Answer>
    </>
  );
}

const SAYS: Readonly<Record<OperationView["status"], string>> = {
  running: "It runs in the console; close this page if you like.",
  halted: "The first ones failed again, so the rest was left alone. Mend what fails, then go on.",
  stopped: "It is not over, but no process is at it: the machine that ran it went away. Anybody can go on.",
  cancelled: "It was cancelled. What was done stays done.",
  done: "",
};

function Found({ operation, onChange }: { readonly operation: OperationView; readonly onChange: () => void }) {
  const { id, name, verb, status, count, done, left, canary, rate, reason, filter } = operation;
  const [wish, setWish] = useState<Wish>();
  const tell = async (path: string) => {
    await attempt(() => call(path, { id }));
    touch();
    onChange();
  };
  const part = count === 0 ? 1 : Math.min(1, (done + left) / count);
  return (
    <>
      <Head
        title={`${VERB_NAMES[verb]} ${manyOf(verb, count)}`}
        lead={
          <>
            {name}, by {operation.who}, begun <When at={operation.createdAt} />
          </>
        }
      >
        {(status === "running" || status === "halted" || status === "stopped") && (
          <button type="button" class="button" onClick={() => void tell("/api/operations/cancel")}>
            Cancel
          </button>
        )}
        {(status === "halted" || status === "stopped") && (
          <button type="button" class="button main" onClick={() => void tell("/api/operations/resume")}>
            Go on
          </button>
        )}
        {verb === "discard" && done > 0 && status !== "running" && (
          <button
            type="button"
            class="button"
            onClick={() => setWish({ verb: "restore", filter: filter.replace(/\bstatus:\w+\s*/, "").trim() })}
          >
            Undo …
          </button>
        )}
      </Head>
      {wish && <PlanDialog wish={wish} onClose={() => setWish(undefined)} />}
      <section class="panel progress" aria-label="Progress">
        <p>
          <Badge state={status} />
          <b>
            {done.toLocaleString("en")} of {count.toLocaleString("en")}
          </b>
          {left > 0 && (
            <span class="faint">{left.toLocaleString("en")} left alone, as somebody else had been faster</span>
          )}
        </p>
        <progress max={1} value={part} aria-label={`${Math.round(part * 100)} percent done`} />
        {status === "done" && (
          <p class="faint">
            Done <When at={operation.endedAt} />
            {operation.cleared > 0 && `; ${many(operation.cleared, "message")} taken off the dead-letter queue`}.
          </p>
        )}
        {SAYS[status] && <p>{SAYS[status]}</p>}
        {reason && <p class="note wait">{reason}</p>}
      </section>
      <dl class="facts panel">
        <div>
          <dt>Which</dt>
          <dd class="mono">{filter || "all"}</dd>
        </div>
        {operation.provider && (
          <div>
            <dt>To</dt>
            <dd>{operation.provider}</dd>
          </div>
        )}
        <div>
          <dt>Tried first</dt>
          <dd>{canary > 0 ? manyOf(verb, canary) : "none"}</dd>
        </div>
        <div>
          <dt>At most</dt>
          <dd>{rate === null ? "as fast as it goes" : `${rate} a second`}</dd>
        </div>
        <div>
          <dt>Why</dt>
          <dd>{operation.why ?? <span class="faint">not said</span>}</dd>
        </div>
        <div>
          <dt>On the command line</dt>
          <dd class="mono">npx vesper operations show {name}</dd>
        </div>
      </dl>
      <p>
        {nounOf(verb) === "hook" ? <Link to="/hooks">Hooks</Link> : <Link to="/undelivered">Undelivered</Link>} shows
        what is left.
      </p>
    </>
  );
}
