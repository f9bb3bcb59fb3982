import type { Finding } from "../../../lib/operator/doctor/Finding.ts";
import { When } from "../state/time.tsx";
import { useCall } from "../state/useCall.ts";
import { Icon } from "../ui/Icon.tsx";
import { Answer, Badge, Head, many } from "../ui/parts.tsx";

interface HealthAnswer {
  readonly at: string;
  readonly findings: readonly Finding[];
}

/** The alarm that tells of the same when nobody looks, and its chapter in docs/operate/runbook.md. */
const ALARMS: readonly (readonly [RegExp, string])[] = [
  [/^schedule/, "sweep-not-running"],
  [/inbound dead|inbound$/i, "inbound-dead-letters"],
  [/stream/, "stream-failures"],
  [/dead/, "dead-hooks"],
  [/^oldest due/, "oldest-unfinished-hook"],
  [/deliveries$/, "dead-hooks"],
  [/^webhook/, "webhook-failures"],
];

/** What `vesper doctor` says, live. */
export function Health() {
  const health = useCall<HealthAnswer>("/api/health", { every: 20_000, isLive: false });
  return (
    <Answer of={health}>
      {({ at, findings }) => {
        const failed = findings.filter(({ status }) => status === "failed");
        const others = findings.filter(({ status }) => status !== "failed");
        return (
          <>
            <Head
              title={failed.length === 0 ? "All is well" : `${many(failed.length, "thing needs", "things need")} you`}
              lead={
                <>
                  Examined <When at={at} />, as npx vesper doctor does.
                </>
              }
            >
              <button type="button" class="button" onClick={health.reload}>
                Look again
              </button>
            </Head>
            <ul class="findings">
              {[...failed, ...others].map((finding, index) => (
                <FindingView key={`${finding.check} ${index}`} finding={finding} />
              ))}
            </ul>
          </>
        );
      }}
    </Answer>
  );
}

function FindingView({ finding: { check, status, detail } }: { readonly finding: Finding }) {
  const alarm = ALARMS.find(([pattern]) => pattern.test(check))?.[1];
  return (
    <li class={`panel finding ${status}`} data-row>
      <span class="mark">
        {status === "ok" ? <Icon name="check" /> : status === "failed" ? <Icon name="bolt" /> : <Icon name="skip" />}
      </span>
      <div>
        <h2>
          {check} <Badge state={status} />
        </h2>
        <p>{detail}</p>
        {status === "failed" && alarm && (
          <p class="faint">
            Alarm {alarm}; what to do step by step: docs/operate/runbook.md, chapter <b>{alarm}</b>
          </p>
        )}
      </div>
    </li>
  );
}
