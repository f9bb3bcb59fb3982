import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { gatewayTemplate } from "./gatewayTemplate.ts";

const bodySchema = v.object({ "Fn::Join": v.strictTuple([v.literal(""), v.array(v.unknown())]) });
const widgetsSchema = v.object({
  widgets: v.array(
    v.object({
      properties: v.object({
        title: v.optional(v.string()),
        metrics: v.optional(v.unknown()),
        yAxis: v.optional(v.object({ left: v.unknown() })),
      }),
    }),
  ),
});

// GIVEN the dashboard of a gateway that wants one, with two platforms and one provider, references as `<id>`
const [dashboard] = Object.values(gatewayTemplate({ dashboard: true }).findResources("AWS::CloudWatch::Dashboard"));
const parts = v.parse(bodySchema, dashboard?.Properties.DashboardBody)["Fn::Join"][1];
const body = parts.map((part) => (typeof part === "string" ? part : "<reference>")).join("");
const { widgets } = v.parse(widgetsSchema, JSON.parse(body));
const graphOf = (title: string) =>
  JSON.stringify(widgets.find(({ properties }) => properties.title === title)?.properties.metrics);

describe("the dashboard", () => {
  it("shows all that an operator asks", () => {
    expect(widgets.flatMap(({ properties: { title } }) => title ?? [])).toEqual([
      "Sessions live, more or less than at the left edge",
      "Sessions started",
      "Sessions ended, by reason",
      "From the deadline to the end",
      "Delivered",
      "Failed, to be tried again",
      "Dead, and a provider taken to be down",
      "Time a provider takes",
      "Oldest unfinished hook",
      "Webhook calls",
      "Replies",
      "Sweeps, retention and the stream",
      "Messages that wait",
      "The longest wait",
      "Dead letters",
      "Function time",
      "Table",
      "Queue calls",
      "Model tokens",
    ]);
  });

  it("adds up what began less what ended, which may be negative", () => {
    expect(graphOf("Sessions live, more or less than at the left edge")).toMatch(
      /"expression":"RUNNING_SUM\(FILL\(started, 0\) - \(FILL\(ended0, 0\) \+ .*"SessionStarted".*"stat":"Sum".*"SessionEnded".*"stat":"Sum"/s,
    );
    const [live, other] = widgets.filter(({ properties: { title } }) => title?.startsWith("Sessions"));
    expect(live?.properties.yAxis?.left).not.toHaveProperty("min");
    expect(other?.properties.yAxis?.left).toHaveProperty("min", 0);
  });

  it("splits sessions by every reason that there is", () => {
    for (const reason of ["idle", "daily", "reset", "max-age", "api", "recovered"]) {
      expect(graphOf("Sessions ended, by reason")).toContain(
        `["Vesper","SessionEnded","Gateway","Test","Reason","${reason}"`,
      );
    }
  });

  it("shows the punctuality of most and of the worst", () => {
    expect(graphOf("From the deadline to the end")).toMatch(
      /"ExpiryLateness".*"stat":"p50".*"ExpiryLateness".*"stat":"p99"/s,
    );
  });

  it("counts hooks, latency and replies for the whole gateway, as each provider would be metrics more to pay", () => {
    for (const [title, name] of [
      ["Delivered", "HookDelivered"],
      ["Failed, to be tried again", "HookFailed"],
      ["Dead, and a provider taken to be down", "HookDead"],
      ["Dead, and a provider taken to be down", "BreakerOpen"],
      ["Time a provider takes", "ProviderLatency"],
      ["Replies", "ReplySent"],
      ["Model tokens", "ModelInputTokens"],
      ["Model tokens", "ModelOutputTokens"],
    ] as const) {
      expect(graphOf(title)).toMatch(new RegExp(`\\["Vesper","${name}","Gateway","Test"(,\\{|\\])`));
    }
  });

  it("counts function time in what is paid: seconds times gigabytes", () => {
    expect(graphOf("Function time")).toContain("message * 0.25 / 1000");
    expect(graphOf("Function time")).toContain("webhook * 0.25 / 1000");
  });
});
