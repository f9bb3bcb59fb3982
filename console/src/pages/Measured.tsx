import { useState } from "preact/hooks";
import type { MetricSeries } from "../../server/MetricSeries.ts";
import { duration } from "../state/time.tsx";
import { useCall } from "../state/useCall.ts";
import { Chart } from "../ui/Chart.tsx";
import { Answer } from "../ui/parts.tsx";
import { Segments } from "../ui/Segments.tsx";

const RANGES = [
  { value: 1, name: "1 h" },
  { value: 6, name: "6 h" },
  { value: 24, name: "24 h" },
  { value: 168, name: "7 d" },
];

export function Measured() {
  const [hours, setHours] = useState(1);
  const metrics = useCall<MetricSeries>(`/api/metrics?hours=${hours}`, { every: 30_000 });
  return (
    <section aria-labelledby="measured">
      <div class="section-head">
        <h2 id="measured">Measured</h2>
        <Segments label="How far back" options={RANGES} value={hours} onChoose={setHours} />
      </div>
      <Answer of={metrics}>
        {(series) => (series.missing ? <p class="note">Charts: {series.missing}.</p> : <Charts of={series} />)}
      </Answer>
    </section>
  );
}

const count = (value: number) => Math.round(value).toLocaleString("en");
const milliseconds = (value: number) => (value === 0 ? "0" : duration(value));
const seconds = (value: number) => (value === 0 ? "0" : duration(value * 1000));

function Charts({ of: { times, values } }: { readonly of: MetricSeries }) {
  const line = (name: string, colour: string, of: readonly (number | null)[]) => ({ name, colour, values: of });
  return (
    <div class="charts">
      <Chart
        kind="bars"
        title="Messages answered"
        times={times}
        format={count}
        series={[line("replies", "--accent", values.messages)]}
      />
      <Chart
        kind="bars"
        title="Sessions ended"
        times={times}
        format={count}
        series={[
          line("idle", "--chart-1", values.idle),
          line("daily", "--chart-2", values.daily),
          line("reset", "--chart-3", values.reset),
          line("other", "--chart-4", values.otherEnds),
        ]}
      />
      <Chart
        kind="bars"
        title="Hooks"
        times={times}
        format={count}
        series={[
          line("delivered", "--good", values.delivered),
          line("failing", "--wait", values.failing),
          line("dead", "--bad", values.dead),
        ]}
      />
      <Chart
        kind="lines"
        title="Ended how late"
        times={times}
        format={milliseconds}
        series={[line("p50", "--chart-2", values.latenessP50), line("p99", "--accent", values.latenessP99)]}
      />
      <Chart
        kind="lines"
        title="Providers answer within"
        times={times}
        format={milliseconds}
        series={[line("p50", "--chart-2", values.latencyP50), line("p99", "--accent", values.latencyP99)]}
      />
      <Chart
        kind="lines"
        title="Oldest unfinished hook"
        times={times}
        format={seconds}
        series={[line("age", "--wait", values.oldestAge)]}
      />
    </div>
  );
}
