import { statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { forwardHook } from "../../../lib/operator/forwardHook.ts";
import { redriveHooks } from "../../../lib/operator/redrive.ts";
import { loadHooks } from "../../../lib/store/readHooks.ts";
import { Lab } from "../../../local/lab/Lab.ts";
import { untilDeadline } from "../../../local/lab/untilDeadline.ts";
import { npmStart } from "./npmStart.ts";

const HOUR = 3_600_000;
const soon = { timeout: 30_000, interval: 100 };

describe("the lab of a gateway on this machine", () => {
  const gateway = npmStart();
  const lab = new Lab(gateway.dataPath);
  const { clock } = gateway;
  beforeAll(() => gateway.start(), 60_000);
  afterAll(async () => {
    await gateway.stop();
    gateway.remove();
  });

  const sessionOf = async (chat: string) =>
    (await gateway.rows("SESSION#")).findLast(({ pk }) => String(pk).includes(`:${chat}`) || String(pk).includes(chat));
  const hookOf = async (session: string) => (await loadHooks(gateway.table(), session))[0];

  /** A session of one turn that has ended by /reset. */
  async function endedSession(chat: string): Promise<string> {
    expect(await gateway.say(chat, "My name is Ann", clock.now())).toBe(202);
    await expect.poll(() => sessionOf(chat), soon).toBeDefined();
    const { sk } = await sessionOf(chat);
    expect(await gateway.say(chat, "/reset", clock.now())).toBe(202);
    return String(sk).slice("SESSION#".length);
  }

  function queues() {
    const { queueUrls } = gateway.stack();
    const client = gateway.sqs();
    const sessionEnd = new Map(Object.entries(queueUrls.sessionEnd).map(([name, url]) => [name, { client, url }]));
    return { sessionEnd, dlq: { client, url: queueUrls.sessionEndDlqMessage } };
  }

  it("ends an idle session on time when the clock is moved to its deadline, and its hook is delivered", async () => {
    await gateway.say("idle", "I live in Lisbon", clock.now());
    await expect.poll(() => gateway.rows("TURN#"), soon).toHaveLength(1);
    const { pk, sk } = await sessionOf("idle");
    const [conversation, session] = [pk.slice("CONV#".length), sk.slice("SESSION#".length)];

    const by = await untilDeadline({ table: gateway.table(), clock }, { conversation, session });
    expect(by).toBeGreaterThan(2 * HOUR - 60_000);
    expect(await lab.moveClock(by)).toBe(by);

    await expect.poll(async () => (await hookOf(session))?.status, soon).toBe("delivered");
    const ended = await sessionOf("idle");
    expect(ended).toMatchObject({ status: "ended", reason: "idle" });
    expect(ended.endedAt - ended.startedAt).toBeLessThan(2 * HOUR + 120_000);
    await expect(untilDeadline({ table: gateway.table(), clock }, { conversation, session })).rejects.toThrow(
      `the session ${session} is not live any more`,
    );
  }, 60_000);

  it("takes messages that are signed by the moved clock, and no others", async () => {
    expect(await gateway.say("later", "hello", clock.now())).toBe(202);
    expect(await gateway.say("later", "hello", Date.now())).toBe(401);
  });

  it("fails a hook while its provider is down, and delivers it when the provider is mended and the hook brought forward", async () => {
    lab.breakProvider("builtin", "down");
    const session = await endedSession("down");
    await expect
      .poll(async () => (await hookOf(session))?.failures, soon)
      .toMatchObject([{ kind: "transient", status: 503, message: "builtin answered 503 (broken in the lab)" }]);

    lab.mendProvider("builtin");
    const hook = await hookOf(session);
    expect(hook?.status).toBe("pending");
    if (hook) expect(await forwardHook({ table: gateway.table(), clock }, queues().sessionEnd, hook)).toBe(true);

    await expect.poll(async () => (await hookOf(session))?.status, soon).toBe("delivered");
  });

  it("tries a hook again, whose provider throttles, when the clock is moved, and then delivers it", async () => {
    lab.breakProvider("builtin", "429");
    const session = await endedSession("throttled");
    await expect
      .poll(async () => (await hookOf(session))?.failures, soon)
      .toMatchObject([{ kind: "throttled", status: 429 }]);
    lab.mendProvider("builtin");

    await lab.moveClock(HOUR + 60_000);

    await expect.poll(async () => (await hookOf(session))?.status, soon).toBe("delivered");
  });

  it("leaves a hook dead that is refused with 401, and delivers it when its provider is mended and it is redriven", async () => {
    lab.breakProvider("builtin", "401");
    const session = await endedSession("refused");
    await expect.poll(async () => (await hookOf(session))?.status, soon).toBe("dead");
    const hook = await hookOf(session);
    expect(hook?.failures).toMatchObject([{ kind: "auth", status: 401 }]);

    lab.mendProvider("builtin");
    const { revived } = await redriveHooks(
      { table: gateway.table(), clock, random: Math.random },
      queues(),
      hook ? [hook] : [],
    );
    expect(revived).toHaveLength(1);

    await expect.poll(async () => (await hookOf(session))?.status, soon).toBe("delivered");
  });

  it("fails a slow provider by the hook's timeout, and its memories hold up no reply", async () => {
    lab.breakProvider("builtin", "slow");
    const session = await endedSession("slow");
    await expect.poll(async () => (await hookOf(session))?.failures, soon).toMatchObject([{ kind: "timeout" }]);
    lab.mendProvider("builtin");
  });

  it("tells what is allowed: moves ahead, known providers, known faults", async () => {
    await expect(lab.moveClock(-1)).rejects.toThrow("give 1 ms to 366 days; it only goes ahead");
    expect(() => lab.breakProvider("crm", "down")).toThrow('no memory provider "crm": it has builtin');
    await expect(new Lab(join(gateway.dataPath, "none")).moveClock(1)).rejects.toThrow("no gateway runs in");
  });

  it("keeps the moved clock and what is broken over a restart, says so at the start, and lets nobody else look", async () => {
    lab.breakProvider("builtin", "down");
    const before = lab.state();
    expect(before).toEqual({ clockOffset: expect.any(Number), broken: { builtin: "down" } });
    expect(before.clockOffset).toBeGreaterThan(3 * HOUR);
    await gateway.stop();

    const text = await gateway.start();

    expect(text).toMatch(/The clock is moved 3 h \d+ min ahead, to 20/);
    expect(text).toContain("The memory provider builtin is broken (down): npx vesper lab mend builtin");
    expect(lab.state()).toEqual(before);
    expect(await gateway.say("after", "hello", clock.now())).toBe(202);
    expect(statSync(join(gateway.dataPath, "lab")).mode & 0o777).toBe(0o700);
  }, 60_000);
});
