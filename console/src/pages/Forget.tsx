import { useState } from "preact/hooks";
import type { Forgotten } from "../../../lib/operator/forget/forgetUser.ts";
import { useAbout } from "../state/About.ts";
import { call } from "../state/call.ts";
import { touch } from "../state/live.ts";
import { Link } from "../state/router.tsx";
import { Badge, Head, many } from "../ui/parts.tsx";
import { attempt } from "../ui/Toasts.tsx";
import { WhyField } from "../ui/WhyField.tsx";

/** Whom it is about, what there is, and what came of it. */
interface Asked {
  readonly platform: string;
  readonly user: string;
  readonly plan: Forgotten;
}

/** Erases a user: first what there is and where it can't be erased, then the word of the operator, then a report. */
export function Forget() {
  const { platforms } = useAbout();
  const [platform, setPlatform] = useState(platforms[0] ?? "");
  const [user, setUser] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [asked, setAsked] = useState<Asked>();
  const [report, setReport] = useState<Forgotten>();
  const look = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setAsked(undefined);
    setReport(undefined);
    const given = { platform, user: user.trim() };
    const plan = await attempt(() => call<Forgotten>("/api/forget/plan", given));
    setBusy(false);
    if (plan) setAsked({ ...given, plan });
  };
  return (
    <>
      <Head
        title="Forget a user"
        lead="Erases what a user wrote, the replies to it, and what is remembered. It can't be undone."
      />
      <form class="panel" onSubmit={(event) => void look(event)}>
        <div class="fields">
          <label class="field">
            Platform
            <select value={platform} onChange={(event) => setPlatform(event.currentTarget.value)}>
              {platforms.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
          <label class="field">
            The platform's id of the user
            <input
              type="text"
              required
              autocomplete="off"
              spellcheck={false}
              value={user}
              onInput={(event) => setUser(event.currentTarget.value)}
            />
          </label>
        </div>
        <div class="actions">
          <button type="submit" class="button main" disabled={isBusy || user.trim() === ""}>
            See what there is
          </button>
        </div>
      </form>
      {isBusy && (
        <p class="faint" role="status">
          Reading the whole table once …
        </p>
      )}
      {asked && !report && <Agree asked={asked} onDone={setReport} />}
      {report && (
        <section class="panel" aria-labelledby="report">
          <h2 id="report">{report.providers.some(isFailed) ? "Not all is erased" : "Erased"}</h2>
          <Facts of={report} />
          {report.providers.some(isFailed) && (
            <p class="note bad">What failed is tried again by another run: nothing that is erased comes back.</p>
          )}
          <p>
            <Link to="/audit">The audit log</Link> has who did it and why, and no word that names the user.
          </p>
        </section>
      )}
    </>
  );
}

function Agree({ asked, onDone }: { readonly asked: Asked; readonly onDone: (report: Forgotten) => void }) {
  const { platform, user, plan } = asked;
  const [why, setWhy] = useState("");
  const [confirmed, setConfirmed] = useState("");
  const [isBusy, setBusy] = useState(false);
  const act = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    const report = await attempt(() => call<Forgotten>("/api/forget", { platform, user, confirmed, why: why.trim() }));
    setBusy(false);
    touch();
    if (report) onDone(report);
  };
  return (
    <form class="panel" aria-label="What would be erased" onSubmit={(event) => void act(event)}>
      <h2>What would be erased</h2>
      <Facts of={plan} />
      <p class="faint">
        Backups keep it for 35 days more. The user's own /memory off stays, so that it holds. Messages that come in
        meanwhile need another run.
      </p>
      <div class="fields">
        <WhyField isRequired why={why} onWhy={setWhy} />
        <label class="field">
          Type {user} to confirm
          <input
            type="text"
            required
            autocomplete="off"
            spellcheck={false}
            value={confirmed}
            onInput={(event) => setConfirmed(event.currentTarget.value)}
          />
        </label>
      </div>
      <div class="actions">
        <button type="submit" class="button danger" disabled={isBusy || confirmed !== user || why.trim() === ""}>
          {isBusy ? "Erasing …" : "Erase it for good"}
        </button>
      </div>
    </form>
  );
}

const isFailed = ({ status }: { readonly status: string }) => status === "failed";

const TONES = { erased: "good", "would erase": "accent", "can't": "wait", failed: "bad" } as const;

function Facts({ of }: { readonly of: Forgotten }) {
  const { acted, sessions, live, turns, dlqMessages, hooksDiscarded, hooksKept, providers } = of;
  return (
    <dl class="facts">
      <div>
        <dt>Turns</dt>
        <dd>
          {turns.toLocaleString("en")} in {many(sessions, "session")}
          {live > 0 && `, ${live} of them live`}
        </dd>
      </div>
      <div>
        <dt>Unanswered messages</dt>
        <dd>{dlqMessages}</dd>
      </div>
      <div>
        <dt>Hooks</dt>
        <dd>
          {acted
            ? `${hooksDiscarded} given up, ${hooksKept} will deliver what others said`
            : `${hooksKept} not delivered yet`}
        </dd>
      </div>
      {providers.map(({ provider, status, detail }) => (
        <div key={provider}>
          <dt>{provider}</dt>
          <dd>
            <Badge state={status} tone={TONES[status]} /> {detail}
          </dd>
        </div>
      ))}
    </dl>
  );
}
