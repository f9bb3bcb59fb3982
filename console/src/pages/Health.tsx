import { useState } from "preact/hooks";
import { alarmOf, sectionOf } from "../../../lib/operator/alarms.ts";
import type { Finding } from "../../../lib/operator/doctor/Finding.ts";
import type { AlarmView } from "../../server/api/alarms.ts";
import { When } from "../state/time.tsx";
import { type Called, useCall } from "../state/useCall.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Icon } from "../ui/Icon.tsx";
import { Answer, Badge, Head, many } from "../ui/parts.tsx";

interface AlarmsAnswer {
  readonly alarms: readonly AlarmView[];
}

interface HealthAnswer {
  readonly at: string;
  readonly findings: readonly Finding[];
}

/** What `vesper doctor` says, live. */
export function Health() {
  const health = useCall<HealthAnswer>("/api/health", { every: 20_000, isLive: false });
  const alarms = useCall<AlarmsAnswer>("/api/alarms", { every: 60_000, isLive: false });
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
                <FindingView key={`${finding.check} ${index}`} finding={finding} alarms={alarms.data?.alarms ?? []} />
              ))}
            </ul>
            <Alarms of={alarms} />
          </>
        );
      }}
    </Answer>
  );
}

function FindingView({
  finding: { check, status, detail },
  alarms,
}: {
  readonly finding: Finding;
  readonly alarms: readonly AlarmView[];
}) {
  const name = alarmOf(check);
  const alarm = alarms.find((one) => name !== undefined && one.name.split(", ").includes(name));
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
        {status === "failed" && name && (
          <>
            {alarm && <p class="faint words">{alarm.text}</p>}
            <RunbookLink alarm={name} section={sectionOf(name)} />
          </>
        )}
      </div>
    </li>
  );
}

const STATES = { ALARM: "bad", OK: "good", INSUFFICIENT_DATA: "mute" } as const;

/** Every alarm: whether it rings, what it says, and what to do. */
function Alarms({ of }: { readonly of: Called<AlarmsAnswer> }) {
  return (
    <section aria-labelledby="alarms">
      <h2 id="alarms">Alarms</h2>
      <Answer of={of}>
        {({ alarms }) => {
          const ringing = alarms.filter(({ state }) => state === "ALARM");
          const others = alarms.filter(({ state }) => state !== "ALARM");
          return (
            <ul class="findings">
              {[...ringing, ...others].map(({ name, state, since, text, section }) => (
                <li key={name} class={`panel finding ${state === "ALARM" ? "failed" : "ok"}`} data-row>
                  <span class="mark">
                    <Icon name={state === "ALARM" ? "bolt" : state === "OK" ? "check" : "skip"} />
                  </span>
                  <div>
                    <h3>
                      {name} {state && <Badge state={state.toLowerCase()} tone={toneOf(state)} />}{" "}
                      {state === "ALARM" && (
                        <span class="faint">
                          since <When at={since} />
                        </span>
                      )}
                    </h3>
                    <p class="words">{text}</p>
                    <RunbookLink alarm={name} section={section} />
                  </div>
                </li>
              ))}
            </ul>
          );
        }}
      </Answer>
    </section>
  );
}

function toneOf(state: string) {
  return state === "ALARM" || state === "OK" ? STATES[state] : STATES.INSUFFICIENT_DATA;
}

/** Opens what docs/operate/runbook.md says of an alarm. */
function RunbookLink({ alarm, section }: { readonly alarm: string; readonly section: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <p>
      <button type="button" class="link" onClick={() => setOpen(true)} title={`docs/operate/runbook.md#${section}`}>
        What to do about {alarm}
      </button>
      {isOpen && <RunbookDialog section={section} onClose={() => setOpen(false)} />}
    </p>
  );
}

function RunbookDialog({ section, onClose }: { readonly section: string; readonly onClose: () => void }) {
  const runbook = useCall<{ readonly text: string }>(`/api/runbook?section=${section}`, { isLive: false });
  return (
    <Dialog title={`docs/operate/runbook.md#${section}`} onClose={onClose}>
      <Answer of={runbook}>{({ text }) => <pre class="runbook">{text}</pre>}</Answer>
    </Dialog>
  );
}
