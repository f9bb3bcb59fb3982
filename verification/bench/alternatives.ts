import { fork } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import * as v from "valibot";
import { messageOf } from "../../emulators/platforms/telegram/messageOf.ts";
import { machine, tellFigures } from "./figures.ts";
import { median } from "./median.ts";

/**
 * `npm run bench:alternatives FOLDER [MESSAGES]`: the CPU that a bot of Vercel's Chat SDK takes for a message of Telegram that
 * it echoes, with its state in memory. It keeps neither words nor sessions, and no message outlives its process: it is what
 * a message costs before any promise is made. FOLDER is where its packages are, which are no dependency of Vesper's:
 *
 *     npm install --prefix FOLDER chat@4.41.1 @chat-adapter/telegram@4.41.1 @chat-adapter/state-memory@4.41.0
 */

const FOLDER = process.argv[2];

const MESSAGES = Number(process.argv[3] ?? 5_000);

const ROUNDS = 10;

/** Rounds until code is warm; they are not counted. */
const WARM_UP = 2;

const SECRET = "bench-secret";

if (FOLDER === undefined) throw new Error("say in which folder the Chat SDK is installed; see the head of this file");

const told = v.object({ url: v.string(), token: v.string() });
const telegram = fork(new URL("alternatives/telegramProcess.ts", import.meta.url), { execArgv: [] });
const { url, token } = v.parse(told, (await once(telegram, "message"))[0]);

const bot = await chatSdkBot(FOLDER, url, token);

const times: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const before = process.cpuUsage();
  for (let number = 0; number < MESSAGES / ROUNDS; number++) await bot(round * MESSAGES + number + 1);
  const { user, system } = process.cpuUsage(before);
  times.push((user + system) / 1000 / (MESSAGES / ROUNDS));
}
telegram.disconnect();

const cpu = median(times.slice(WARM_UP));
console.log(machine());
console.log(
  `Chat SDK, state in memory: ${cpu.toFixed(2)} ms of CPU a message; two calls, typing and the reply, and nothing stored`,
);
tellFigures({ chatSdkMs: cpu });

/** A bot that echoes; resolves when it has answered the message of that number. */
async function chatSdkBot(folder: string, apiUrl: string, botToken: string): Promise<(id: number) => Promise<void>> {
  const load = (name: string) =>
    import(pathToFileURL(join(resolve(folder), "node_modules", name, "dist/index.js")).href);
  const [{ Chat }, { createTelegramAdapter }, { createMemoryState }] = await Promise.all(
    ["chat", "@chat-adapter/telegram", "@chat-adapter/state-memory"].map(load),
  );
  const silent = { debug() {}, info() {}, warn: console.warn, error: console.error, child: () => silent };
  const chat = new Chat({
    userName: "bench",
    adapters: {
      telegram: createTelegramAdapter({ botToken, apiUrl, secretToken: SECRET, mode: "webhook", logger: silent }),
    },
    state: createMemoryState(),
    logger: silent,
  });
  let answered = Promise.withResolvers<void>();
  chat.onDirectMessage(async (thread: { post(text: string): Promise<unknown> }, message: { text: string }) => {
    await thread.post(message.text);
    answered.resolve();
  });
  return async (id) => {
    answered = Promise.withResolvers();
    const said = { text: "hello, I am Ann", user: "ann", conversation: `chat-${id % 500}`, chatType: "dm" } as const;
    const message = messageOf(said, id, Math.floor(Date.now() / 1000));
    const waited: Promise<unknown>[] = [];
    const { status } = await chat.webhooks.telegram(
      new Request("https://bench.test/telegram", {
        method: "POST",
        headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": SECRET },
        body: JSON.stringify({ update_id: id, message }),
      }),
      { waitUntil: (work: Promise<unknown>) => void waited.push(work) },
    );
    if (status !== 200) throw new Error(`the bot answered with ${status}`);
    await answered.promise;
    await Promise.all(waited);
  };
}
