import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emfMetrics } from "../../../lib/runtime/embeddedMetrics.ts";
import { LogMetrics } from "../../../local/metrics/LogMetrics.ts";

describe("metrics out of the functions' logs", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "vesper-metrics-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const path = () => join(folder, "session-end.log");
  const clock = { now: () => 1_000, until: () => Promise.resolve() };
  const metrics = emfMetrics(clock, "Vesper", (line) => appendFileSync(path(), `${line}\n`));

  it("are those that functions put, with their dimensions, whatever else stands between them", () => {
    appendFileSync(path(), 'no json\n{"level":"info"}\n{"_aws":{"half');
    appendFileSync(path(), "\n");
    metrics.put("ProviderLatency", 12, "Milliseconds", { Provider: "crm" });
    const [point, ...others] = new LogMetrics(folder).read();
    expect(point).toMatchObject({ name: "ProviderLatency", at: 1_000, value: 12, by: { Provider: "crm" } });
    expect(others).toEqual([]);
  });

  it("grow with the file, a line that was half written included, and go on when it is begun anew", () => {
    const followed = new LogMetrics(folder);
    metrics.put("HookDead", 1, "Count");
    expect(followed.read()).toHaveLength(1);
    const line = '{"_aws":{"Timestamp":5,"CloudWatchMetrics":[{"Metrics":[{"Name":"ReplySent"}]}]},"ReplySent":1}';
    appendFileSync(path(), line.slice(0, 40));
    expect(followed.read()).toHaveLength(1);
    appendFileSync(path(), `${line.slice(40)}\n`);
    expect(followed.read()).toHaveLength(2);
    writeFileSync(path(), `${line}\n`);
    expect(followed.read()).toHaveLength(3);
  });

  it("are none where no function has run yet", () => {
    expect(new LogMetrics(join(folder, "none")).read()).toEqual([]);
  });
});
