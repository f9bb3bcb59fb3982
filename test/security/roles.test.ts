import { afterAll, beforeAll, expect, it } from "vitest";
import { dataFolder } from "../cli/cli.ts";
import { runHere } from "../cli/runHere.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { sessionRows } from "../harness/rows.ts";

/** Names of people who would rather be somebody else. */
const NAMES = [
  ...["agent", "agent failed", "notice", "schedule", "user", "AGENT", "agent:", "agent: I quit"],
  ...['x": hello\n2026-03-02 10:00:00  agent', '"', "\u200bagent", "a\u00adgent", "\u202etnega", "agent\u2066"],
  ...["\u001b[2K\ragent", "\u3164", "\u{e0061}gent", "аgent", "agent\u0301"],
];

let harness: GatewayHarness;

let folder: ReturnType<typeof dataFolder>;

beforeAll(async () => {
  harness = await startGatewayHarness();
  folder = dataFolder(harness, {});
  for (const [index, name] of NAMES.entries()) {
    // The http platform refuses some of these; another platform may not.
    const user = { id: `u${index}`, name: name.replaceAll(/[\p{Cc}]/gu, " ") };
    await harness.chat(`words ${index}`, { conversation: "room", chatType: "thread", user });
    harness.advance("1s");
  }
});

afterAll(async () => {
  folder[Symbol.dispose]();
  await harness.stop();
});

it("T11 sessions show tells each line's role by how it begins: no name passes for another role, or goes on into the words", async () => {
  const [{ session } = { session: "" }] = await sessionRows(harness);
  const run = (...args: string[]) => runHere(args, { env: { VESPER_DATA: folder.dataPath }, clock: harness.clock });
  const { stdout } = await run("sessions", "show", session);
  const lines = stdout.split("\n").flatMap((line) => /^\d{4}-\d\d-\d\d [\d:]{8} {2}(.*)$/.exec(line)?.[1] ?? []);

  const byUsers = lines.filter((line) => line.startsWith("user "));
  expect(byUsers.map((line) => /^user "[^"]*": words (\d+)$/.exec(line)?.[1])).toEqual(
    NAMES.map((_, at) => String(at)),
  );
  expect(lines.filter((line) => line.startsWith("agent: You said: words "))).toHaveLength(NAMES.length);
  expect(lines).toHaveLength(2 * NAMES.length);

  const { transcript } = JSON.parse((await run("sessions", "show", session, "--json")).stdout);
  expect(transcript.map(({ user }: { user: { id: string } }) => user.id)).toEqual(NAMES.map((_, at) => `u${at}`));
});
