import { loadavg } from "node:os";
import { loadConfig } from "../../lib/config/loadConfig.ts";
import { systemClock } from "../../lib/domain/observability.ts";
import { connect, type Gateway } from "../../lib/operator/gateway/connect.ts";
import { postMessage } from "../../lib/operator/gateway/postMessage.ts";
import type { Operation } from "../../lib/operator/operations/Operation.ts";
import { planOperation } from "../../lib/operator/operations/planOperation.ts";
import { runOperation } from "../../lib/operator/operations/runOperation.ts";
import { startOperation } from "../../lib/operator/operations/startOperation.ts";
import { mapConcurrently } from "../../lib/runtime/async.ts";
import { queryHooks } from "../../lib/store/readHooks.ts";
import { machine } from "./figures.ts";
import { median } from "./median.ts";
import { askPage } from "./redrive/askPage.ts";
import { countDeliveries } from "./redrive/countDeliveries.ts";
import { seedDead } from "./redrive/seedDead.ts";
import { startGateway } from "./redrive/startGateway.ts";

/**
 * `npm run bench:redrive [HOOKS [ROUNDS]]`: how many dead hooks a second a bulk redrive makes pending and enqueues on the
 * local stack, while messages come in and a second operator redrives the same: from a process of its own, as the CLI does
 * it, and by the operators' page. Fails when a hook is doubled or left dead.
 */

const HOOKS = Number(process.argv[2] ?? 2_000);

const ROUNDS = Number(process.argv[3] ?? 3);

/** Milliseconds between two messages, while it goes on. */
const PACE = 100;

const receiver = await countDeliveries();

const running = await startGateway(receiver.url);

try {
  const env = { VESPER_DATA: running.dataPath };
  using gateway = await connect({ env, clock: systemClock }, {});
  const config = await loadConfig(running.configPath);
  const page = await askPage(running.link);
  console.log(`${machine()}; ${HOOKS} hooks, medians of ${ROUNDS}`);
  for (const [name, redrive] of [
    ["in a process of its own", () => redriveHere(gateway)],
    ["by the page", () => page.redrive()],
  ] as const) {
    const rounds: Round[] = [];
    for (let number = 0; number < ROUNDS; number++) rounds.push(await play(gateway, redrive));
    const say = (what: string, values: readonly number[], unit: string) =>
      console.log(
        `${name}: ${what} ${Math.round(median(values))} ${unit} (${values.map((one) => Math.round(one)).join(", ")})`,
      );
    say(
      "reopened and enqueued",
      rounds.map(({ rate }) => rate),
      "hooks/s",
    );
    say(
      "over after",
      rounds.map(({ over }) => over),
      "ms",
    );
    say(
      "deliveries",
      rounds.map(({ delivered }) => delivered),
      "a second",
    );
    say(
      "accepting a message took",
      rounds.map(({ message }) => message),
      "ms",
    );
    console.log(
      `load of the machine: ${loadavg()
        .map((one) => one.toFixed(1))
        .join(" ")}`,
    );
  }

  interface Round {
    /** Hooks a second. */
    readonly rate: number;
    /** Milliseconds until the redrive said that it is done. */
    readonly over: number;
    /** Deliveries a second, from the start of the redrive on. */
    readonly delivered: number;
    /** How long accepting a message took, milliseconds, in the middle. */
    readonly message: number;
  }

  async function play(to: Gateway, redrive: () => Promise<{ readonly acted: number; readonly over: number }>) {
    const seeded = await seedDead(to.services.table, to.queues.dlq, HOOKS);
    const sessions = seeded.map(({ session }) => session.session);
    const chat = keepTalking(to);
    const began = performance.now();
    const delivered = receiver.all(sessions);
    const [first, second] = await Promise.all([redrive(), redrive()]);
    const times = await chat.stop();
    await delivered;
    const took = performance.now() - began;
    const doubled = receiver.doubled();
    if (doubled > 0) throw new Error(`${doubled} deliveries were doubled`);
    await mapConcurrently(sessions, 16, async (session) => {
      const [hook] = await queryHooks(to.services.table, session);
      if (hook?.redrives !== 1) throw new Error(`${session} was redriven ${hook?.redrives} times`);
    });
    return {
      rate: (HOOKS / Math.max(first.acted, second.acted)) * 1000,
      over: Math.max(first.over, second.over),
      delivered: (HOOKS / took) * 1000,
      message: median(times),
    };
  }

  async function redriveHere({ services, queues, caller }: Gateway) {
    const before = services.clock.now();
    const plan = await planOperation({ services, queues }, { verb: "redrive", filter: "", before });
    const { id } = await startOperation({ services, queues }, plan, { who: await caller() });
    const began = performance.now();
    let acted = 0;
    let last: Operation | undefined;
    await runOperation({ services, queues }, id, {
      onProgress(operation) {
        if (operation.done + operation.left > (last ? last.done + last.left : 0)) acted = performance.now() - began;
        last = operation;
      },
    });
    return { acted, over: performance.now() - began };
  }

  /** Somebody writes all the time. */
  function keepTalking(to: Gateway) {
    const times: number[] = [];
    let goesOn = true;
    const talk = async () => {
      for (let number = 0; goesOn; number++) {
        const now = to.services.clock.now();
        const messageId = `bench-${now}-${number}`;
        const body = { conversation: "talk", user: { id: "ann" }, text: "hello", sentAt: now };
        const began = performance.now();
        await postMessage(to, config, { platform: "http", messageId, body, now });
        times.push(performance.now() - began);
        await systemClock.until(Date.now() + PACE);
      }
    };
    const ended = talk();
    return {
      async stop(): Promise<readonly number[]> {
        goesOn = false;
        await ended;
        return times;
      },
    };
  }
} finally {
  await running.stop();
  await receiver.close();
}
