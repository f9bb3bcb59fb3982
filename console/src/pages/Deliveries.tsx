import type { HookDetails } from "../../../lib/operator/views.ts";
import { Clock, duration, When } from "../state/time.tsx";
import type { HookAct } from "../ui/Acts.tsx";
import { Badge, many } from "../ui/parts.tsx";

/** What became of a session at each provider, attempt by attempt. */
export function Deliveries({
  of,
  status,
  act,
}: {
  readonly of: readonly HookDetails[];
  readonly status: string;
  readonly act: HookAct;
}) {
  return (
    <section class="panel" aria-labelledby="deliveries">
      <h2 id="deliveries">Delivered to</h2>
      {of.length === 0 && (
        <p class="faint">
          {status === "open" ? "It is live. When it ends, each provider gets a hook." : "It has no hooks (yet)."}
        </p>
      )}
      {of.map((hook) => (
        <article key={hook.provider} class="delivery" data-row aria-label={`Hook of ${hook.provider}`}>
          <header>
            <h3>{hook.provider}</h3>
            <Badge state={hook.status} />
            <span class="faint">{facts(hook)}</span>
            <span class="end">
              <HookButtons hook={hook} act={act} />
            </span>
          </header>
          {hook.nextAttemptAt && (
            <p>
              {hook.status === "accepted" ? "Asked for" : "Next attempt"} <When at={hook.nextAttemptAt} />
            </p>
          )}
          {hook.discarded && (
            <p>
              Discarded by {hook.discarded.by} <When at={hook.discarded.at} />: {hook.discarded.why}
            </p>
          )}
          {hook.skipped && !hook.discarded && <p>Skipped: {hook.skipped}</p>}
          {hook.receipt && (
            <p class="receipt">
              {hook.deliveredAt ? "Acknowledged" : "Accepted"} <When at={hook.deliveredAt ?? hook.acceptedAt} />{" "}
              <span class="mono">
                {[hook.receipt.status, hook.receipt.id, hook.receipt.body].filter(Boolean).join(" ")}
              </span>
            </p>
          )}
          {hook.failures.length > 0 && (
            <ol class="attempts" aria-label="Failed attempts">
              {hook.failures.map(({ at, took, kind, status, message, body }, index) => (
                <li key={index}>
                  <Clock at={at} />
                  <Badge state={[kind, status].filter(Boolean).join(" ")} tone="wait" />
                  <span class="faint">{duration(took)}</span>
                  <span class="clip">{message}</span>
                  {body && <pre>{body}</pre>}
                </li>
              ))}
            </ol>
          )}
        </article>
      ))}
    </section>
  );
}

/** What can be done to a hook as it stands. */
export function HookButtons({
  hook,
  act,
}: {
  readonly hook: { readonly session: string; readonly provider: string; readonly status: string };
  readonly act: HookAct;
}) {
  const button = (verb: "redrive" | "forward" | "discard" | "restore", name: string, key?: string) => (
    <button type="button" class="plain" {...(key ? { "data-key": key } : {})} onClick={() => act(verb, [hook])}>
      {name}
    </button>
  );
  if (hook.status === "dead") return [button("redrive", "Redrive", "r"), button("discard", "Discard", "d")];
  if (hook.status === "pending" || hook.status === "accepted")
    return [button("forward", "Now", "f"), button("discard", "Discard", "d")];
  if (hook.status === "discarded") return [button("restore", "Undo")];
  return null;
}

function facts({ attempts, redrives }: HookDetails): string {
  return [attempts > 0 && many(attempts, "attempt"), redrives > 0 && many(redrives, "redrive")]
    .filter(Boolean)
    .join(", ");
}
