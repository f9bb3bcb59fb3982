import type { BatchOperation } from "./dynalite.ts";
import type { Engine } from "./engine.ts";
import { allUnder, keys } from "./keys.ts";
import { TOKEN_LIFE, type Token } from "./token.ts";
import { writeBatch } from "./writeBatch.ts";

/** Milliseconds; tokens are many, since the SDK gives one to each transaction, and small. */
const PAUSE = 60_000;

const lastTimes = new WeakMap<Engine, number>();

/** Forgets the tokens of transactions that are too old to be repeated; once a minute at the most. */
export async function forgetTokens(engine: Engine): Promise<void> {
  const now = Date.now();
  if (Math.abs(now - (lastTimes.get(engine) ?? 0)) < PAUSE) return;
  lastTimes.set(engine, now);
  await engine.alone(async () => {
    const batch: BatchOperation[] = [];
    for await (const [key, token] of engine.db.iterator<Token>(allUnder(keys.token()))) {
      if (now - token.at >= TOKEN_LIFE) batch.push({ type: "del", key });
    }
    if (batch.length > 0) await writeBatch(engine, batch);
  });
}
