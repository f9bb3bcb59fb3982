import { readFileSync } from "node:fs";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { readRunbook } from "../../console/server/runbook.ts";
import { alarmOf, sectionOf } from "../../lib/operator/alarms.ts";
import { gatewayTemplate } from "./gatewayTemplate.ts";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

// GIVEN the alarms of the template, also of one with several sweeps, and what docs/operate/runbook.md says
const names = [gatewayTemplate(), gatewayTemplate({ sweeps: 2 })].flatMap((template) =>
  Object.values(template.findResources("AWS::CloudWatch::Alarm")).map(({ Properties }) =>
    v.parse(v.string(), Properties.AlarmName).replace("Test-", ""),
  ),
);
const alarms = [...new Set(names)];
const runbook = await readRunbook();
const pages = Array.from(read("console/src/ui/Sidebar.tsx").matchAll(/name: "([^"]+)",\s+icon/g), ([, name]) => name);
const rowOf = (alarm: string) => runbook.alarms.find(({ section }) => section === sectionOf(alarm));

describe("docs/operate/runbook.md", () => {
  it.each(alarms)("tells what to do about %s: a section with a command, and the page that has it", (alarm) => {
    expect(runbook.sections.get(sectionOf(alarm))).toMatch(/(npx vesper|aws) \w+/);
    expect(pages).toContain(rowOf(alarm)?.page);
  });

  it("names no alarm that there is not", () => {
    const named = runbook.alarms.flatMap((row) => row.names);
    const isThere = (name: string) =>
      name.startsWith("…") ? alarms.some((alarm) => alarm.endsWith(name.slice(1))) : alarms.includes(name);
    expect(named.filter((name) => !isThere(name))).toEqual([]);
    expect(named.length).toBeGreaterThan(15);
  });

  it("has the alarm of each check of the doctor's that can fail for the same reason", () => {
    const checks = [
      ...["schedule", "sweep schedule", "retention schedule", "message sources", "expiry sources"],
      ...["session-end sources", "concurrency", "secrets", "webhooks", "inbound dead letters", "oldest due"],
      ...["session-end dead letters", "stream failures", "crm deliveries"],
    ];
    for (const check of checks) expect(alarms, check).toContain(alarmOf(check));
    expect(alarmOf("stack")).toBeUndefined();
  });
});
