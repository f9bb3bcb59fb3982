import { FAULTS, type LabState } from "../../server/ConsoleLab.ts";
import { useAbout } from "../state/About.ts";
import { call } from "../state/call.ts";
import { touch } from "../state/live.ts";
import { duration } from "../state/time.tsx";
import { Badge } from "../ui/parts.tsx";
import { attempt, toast } from "../ui/Toasts.tsx";

const SAYS: Readonly<Record<(typeof FAULTS)[number], string>> = {
  down: "down",
  slow: "too slow",
  "401": "refuses the key (401)",
  "429": "throttles (429)",
};

const MOVES = [
  { by: 60_000, name: "1 min" },
  { by: 3_600_000, name: "1 h" },
  { by: 24 * 3_600_000, name: "1 day" },
];

/** What can be done to the gateway of this machine: break its providers, move its clock. */
export function Lab({ lab }: { readonly lab: LabState }) {
  const { providers } = useAbout();
  const tell = (path: string, body: object, said: string) =>
    attempt(async () => {
      await call(path, body);
      toast(said);
      touch();
    });
  return (
    <section class="panel lab" aria-labelledby="lab">
      <h2 id="lab">Break something</h2>
      <ul class="plain-list">
        {providers.map((provider) => {
          const fault = lab.broken[provider];
          return (
            <li key={provider}>
              <label>
                {provider}{" "}
                <select
                  aria-label={`How ${provider} does`}
                  value={fault ?? ""}
                  onChange={({ currentTarget: { value } }) =>
                    void (value === ""
                      ? tell("/api/lab/mend", { provider }, `${provider} works again`)
                      : tell(
                          "/api/lab/break",
                          { provider, fault: value },
                          `${provider} is broken now: let a session end`,
                        ))
                  }
                >
                  <option value="">works</option>
                  {FAULTS.map((one) => (
                    <option key={one} value={one}>
                      {SAYS[one]}
                    </option>
                  ))}
                </select>
              </label>
              <span class="end">
                {fault ? (
                  <button
                    type="button"
                    class="plain"
                    onClick={() => void tell("/api/lab/mend", { provider }, `${provider} works again`)}
                  >
                    Mend
                  </button>
                ) : (
                  <Badge state="works" tone="good" />
                )}
              </span>
            </li>
          );
        })}
      </ul>
      <h3>Move the clock</h3>
      <p class="choices">
        {MOVES.map(({ by, name }) => (
          <button
            key={by}
            type="button"
            class="choice"
            onClick={() => void tell("/api/lab/clock", { by }, `The clock is ${name} further`)}
          >
            + {name}
          </button>
        ))}
      </p>
      {lab.clockOffset > 0 && <p class="faint">It is {duration(lab.clockOffset)} ahead.</p>}
    </section>
  );
}
