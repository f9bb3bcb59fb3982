import { useEffect, useState } from "preact/hooks";
import { hasCanary, isDiscard, nounOf } from "../../../lib/operator/operations/Batch.ts";
import type { OperationView } from "../../../lib/operator/operations/OperationView.ts";
import { call } from "../state/call.ts";
import { touch } from "../state/live.ts";
import { go } from "../state/router.tsx";
import { duration, When } from "../state/time.tsx";
import { Dialog } from "./Dialog.tsx";
import { many } from "./parts.tsx";
import { attempt } from "./Toasts.tsx";
import { WhyField } from "./WhyField.tsx";

/** What a bulk action is asked to do. */
export interface Wish {
  readonly verb: OperationView["verb"];
  readonly filter: string;
  readonly provider?: string;
  readonly again?: boolean;
}

interface PlanAnswer {
  readonly plan: string;
  readonly count: number;
  readonly oldest: string | null;
  readonly newest: string | null;
  readonly providers: Readonly<Record<string, number>>;
  readonly platforms: Readonly<Record<string, number>>;
  readonly hidden: number;
  readonly groups: readonly {
    readonly group: string;
    readonly kind: string;
    readonly status: number | null;
    readonly message: string;
    readonly count: number;
  }[];
  readonly skipped: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly unread: readonly unknown[];
}

/** From so many on, a few are tried first unless the operator says otherwise. */
const LARGE = 20;

export const VERB_NAMES: Readonly<Record<OperationView["verb"], string>> = {
  redrive: "Redrive",
  forward: "Bring forward",
  discard: "Discard",
  restore: "Restore",
  replay: "Replay",
  "send-replies": "Send again",
  "discard-replies": "Discard",
  "redrive-inbound": "Move back",
  "discard-inbound": "Discard",
};

/** So many of what a verb is for, in words. */
export function manyOf(verb: OperationView["verb"], count: number): string {
  const noun = nounOf(verb);
  return noun === "reply" ? many(count, "reply", "replies") : many(count, noun);
}

/** Shows what a bulk action would do, and begins it when that is agreed to. */
export function PlanDialog({ wish, onClose }: { readonly wish: Wish; readonly onClose: () => void }) {
  const [plan, setPlan] = useState<PlanAnswer>();
  const [problem, setProblem] = useState("");
  const name = VERB_NAMES[wish.verb];
  useEffect(() => {
    call<PlanAnswer>("/api/plan", wish).then(setPlan, (error: Error) => setProblem(error.message));
  }, [wish]);
  return (
    <Dialog title={plan ? `${name} ${manyOf(wish.verb, plan.count)}` : `${name}: the plan`} onClose={onClose}>
      {problem && (
        <p class="note bad" role="alert">
          {problem}
        </p>
      )}
      {!plan && !problem && (
        <p class="faint" role="status">
          Counting what it would be …
        </p>
      )}
      {plan && <Agree wish={wish} plan={plan} onClose={onClose} />}
    </Dialog>
  );
}

function Agree({
  wish,
  plan,
  onClose,
}: {
  readonly wish: Wish;
  readonly plan: PlanAnswer;
  readonly onClose: () => void;
}) {
  const canTry = hasCanary(wish.verb);
  const isFinal = isDiscard(wish.verb);
  const noun = nounOf(wish.verb);
  const [canary, setCanary] = useState(canTry && plan.count >= LARGE ? "5" : "");
  const [rate, setRate] = useState(wish.verb === "replay" ? "20" : "");
  const [why, setWhy] = useState("");
  const [isBusy, setBusy] = useState(false);
  const number = (text: string) => (text === "" ? null : Number(text));
  const begin = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    const operation = await attempt(() =>
      call<OperationView>("/api/operations", {
        plan: plan.plan,
        why: why.trim(),
        canary: number(canary),
        rate: number(rate),
      }),
    );
    setBusy(false);
    if (!operation) return;
    onClose();
    touch();
    go(`/operations/${operation.name}`);
  };
  if (plan.count === 0) {
    return (
      <>
        <p>Nothing matches, so there is nothing to do.</p>
        {Object.entries(plan.skipped).map(([reason, count]) => (
          <p key={reason} class="faint">
            {many(count, "session")} left out: {reason}
          </p>
        ))}
      </>
    );
  }
  return (
    <form onSubmit={(event) => void begin(event)}>
      <dl class="facts">
        <div>
          <dt>Which</dt>
          <dd class="mono">{wish.filter || "all"}</dd>
        </div>
        <div>
          <dt>Oldest, newest</dt>
          <dd>
            <When at={plan.oldest} />, <When at={plan.newest} />
          </dd>
        </div>
        <div>
          <dt>{noun === "hook" ? "Providers" : "Platforms"}</dt>
          <dd>
            {Object.entries({ ...plan.providers, ...plan.platforms })
              .map(([provider, count]) => `${provider} ${count.toLocaleString("en")}`)
              .join(", ")}
          </dd>
        </div>
        <div>
          <dt>Takes about</dt>
          <dd>{duration(plan.seconds * 1000)}</dd>
        </div>
      </dl>
      {plan.groups.length > 0 && (
        <ul class="plan-groups" aria-label="Causes">
          {plan.groups.slice(0, 4).map(({ group, kind, status, message, count }) => (
            <li key={group}>
              <b>{count.toLocaleString("en")}</b>{" "}
              <span class="clip">{[kind, status, message].filter(Boolean).join(" ")}</span>
            </li>
          ))}
        </ul>
      )}
      {plan.hidden > 0 && (
        <p class="note">
          And {manyOf(wish.verb, plan.hidden)} behind them: of one conversation only the first ten can be seen together.
        </p>
      )}
      {noun === "message" && (
        <p class="faint">Stopped halfway, it is simply begun anew: what is done is off the queue.</p>
      )}
      {plan.unread.length > 0 && (
        <p class="note wait">{many(plan.unread.length, "row")} could not be read, and stay as they are.</p>
      )}
      <div class="fields">
        {canTry && (
          <label class="field">
            Try first
            <input
              type="number"
              min={1}
              max={100}
              placeholder="none"
              value={canary}
              onInput={(event) => setCanary(event.currentTarget.value)}
            />
            <small>a canary: the rest follows only when these succeed</small>
          </label>
        )}
        <label class="field">
          At most a second
          <input
            type="number"
            min={1}
            max={10_000}
            placeholder="as fast as it goes"
            value={rate}
            onInput={(event) => setRate(event.currentTarget.value)}
          />
          <small>spares what has just come back</small>
        </label>
        <WhyField isFull note={isFinal ? "" : " (may stay empty)"} isRequired={isFinal} why={why} onWhy={setWhy} />
      </div>
      <div class="actions">
        <button type="button" class="button" onClick={onClose}>
          Leave it
        </button>
        <button type="submit" class={isFinal ? "button danger" : "button main"} disabled={isBusy}>
          {VERB_NAMES[wish.verb]} {plan.count.toLocaleString("en")}
        </button>
      </div>
    </form>
  );
}
