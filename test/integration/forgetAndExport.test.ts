import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createAccess } from "../../console/server/access.ts";
import type { CliResult } from "../cli/cli.ts";
import { type CliHarness, startCliHarness } from "../cli/cliHarness.ts";
import { machineReaches } from "../harness/machineReaches.ts";
import { allRows } from "../harness/rows.ts";
import { openOnStand } from "./openOnStand.ts";

describe("the operators' page exports and forgets", () => {
  let cliHarness: CliHarness;
  /** What the command line prints of the same. */
  const printed: CliResult[] = [];
  let page: Awaited<ReturnType<typeof openOnStand>>;
  beforeAll(async () => {
    cliHarness = await startCliHarness();
    const { harness } = cliHarness;
    for (const id of ["ann", "bob"]) {
      await harness.chat(`I live in Lisbon, says ${id}`, { conversation: id, user: { id, name: `Name-${id}` } });
      harness.advance("1s");
      await harness.chat("/reset", { conversation: id, user: { id } });
    }
    await machineReaches(harness.clock.now());
    printed.push(
      await cliHarness.cli(["sessions", "export", "status:ended", "conversation:ann"]),
      await cliHarness.cli(["hooks", "ls", "status:delivered", "--json"]),
    );
    page = await openOnStand(cliHarness);
  }, 60_000);
  afterAll(async () => {
    await page.close();
    await cliHarness.stop();
    vi.unstubAllEnvs();
  });

  /** A download as a browser makes it: without the page's key, with a ticket. */
  async function download(of: string, filter: string) {
    const { body } = await page.post("/api/ticket", {});
    const query = new URLSearchParams({ of, filter, ticket: String(Object(body).ticket) });
    return fetch(`${page.origin}/api/export?${query}`);
  }
  const rowsOf = async (response: Response) =>
    (await response.text())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));

  it("sessions whole and hooks, as a file of one JSON object a line, by the filter that is shown", async () => {
    const sessions = await download("sessions", "status:ended conversation:ann");
    expect(sessions.headers.get("content-disposition")).toMatch(
      /^attachment; filename="Test-sessions-\d{4}-\d\d-\d\d\.ndjson"$/,
    );
    expect(sessions.headers.get("content-type")).toBe("application/x-ndjson");
    const [session, ...others] = await rowsOf(sessions);
    expect(others).toEqual([]);
    expect(JSON.stringify(session)).toContain("I live in Lisbon, says ann");
    expect(JSON.parse(printed[0]?.stdout ?? "")).toEqual(session);

    const hooks = await rowsOf(await download("hooks", "status:delivered"));
    expect(hooks.map(({ provider }) => provider).toSorted()).toEqual(["builtin", "builtin", "crm", "crm"]);
    expect(JSON.parse(printed[1]?.stdout ?? "")).toEqual(expect.arrayContaining(hooks));
  });

  it("only with a ticket, which is taken once, and says what is wrong with a filter", async () => {
    expect((await fetch(`${page.origin}/api/export?of=hooks`)).status).toBe(401);
    expect((await fetch(`${page.origin}/api/export?of=hooks&ticket=guess`)).status).toBe(401);
    const { url } = await download("hooks", "");
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(`${page.origin}/api/sessions?ticket=${new URL(url).searchParams.get("ticket")}`)).status).toBe(
      401,
    );
    const wrong = await download("hooks", "colour:red");
    expect([wrong.status, await wrong.json()]).toEqual([
      422,
      { message: expect.stringContaining('unknown field "colour" of hooks') },
    ]);
  });

  it("knows a ticket for a minute", () => {
    let now = 0;
    const access = createAccess(
      () => 1,
      () => now,
    );
    const [early, late] = [access.issueTicket(), access.issueTicket()];
    now = 60_000;
    expect(access.refuseTicket(early)).toBeUndefined();
    now = 60_001;
    expect(access.refuseTicket(late)).toMatchObject({ status: 401 });
  });

  it("says first what there is of a user, and erases nothing without the id typed once more, and a reason", async () => {
    const who = { platform: "http", user: "ann" };
    const plan = await page.post("/api/forget/plan", who);
    expect(plan).toMatchObject({
      status: 200,
      body: { acted: false, turns: 1, providers: [{ provider: "crm", status: "can't" }, { status: "would erase" }] },
    });
    expect(await page.post("/api/forget/plan", { ...who, platform: "fax" })).toMatchObject({
      ...{ status: 400, body: { message: 'no platform "fax" in the config: it has http, telegram' } },
    });
    expect(await page.post("/api/forget", { ...who, confirmed: "An", why: "asked" })).toMatchObject({ status: 400 });
    expect(await page.post("/api/forget", { ...who, confirmed: "ann", why: " " })).toMatchObject({ status: 400 });
    expect(JSON.stringify(await allRows(cliHarness.harness))).toContain("Lisbon, says ann");
  });

  it("erases a user, reports it, and the audit log has it without the user's id", async () => {
    const given = { platform: "http", user: "ann", confirmed: "ann", why: "asked by letter" };
    expect(await page.post("/api/forget", given)).toMatchObject({
      status: 200,
      body: { acted: true, turns: 1, providers: [{ status: "can't" }, { status: "erased" }] },
    });
    const left = JSON.stringify(await allRows(cliHarness.harness));
    expect(left).not.toContain("Lisbon, says ann");
    expect(left).toContain("Lisbon, says bob");
    const { body } = await page.get("/api/audit");
    expect(body).toMatchObject({
      entries: expect.arrayContaining([expect.objectContaining({ action: "forget", why: "asked by letter" })]),
    });
    expect(JSON.stringify(Object(body).entries.map(({ target }: { target: string }) => target))).not.toContain("ann");
  });
});
