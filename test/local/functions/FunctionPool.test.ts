import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { bundleFunctions } from "../../../local/functions/bundleFunctions.ts";
import { FunctionPool } from "../../../local/functions/FunctionPool.ts";
import { createOffset } from "../../../local/lab/moveDate.ts";

const FIXTURE = join(import.meta.dirname, "../../harness/fixtures/local");
const event = (what: string) => ({ pathParameters: { do: what } });

const dataPath = mkdtempSync(join(tmpdir(), "vesper-pool-"));
afterAll(() => rmSync(dataPath, { recursive: true }));

const FRONT = join(FIXTURE, "functions/front.ts");

let bundle: string;
beforeAll(async () => {
  const options = { configPath: join(FIXTURE, "vesper.config.ts"), folder: join(dataPath, "functions") };
  const bundled = await bundleFunctions({ entries: [FRONT], ...options });
  bundle = bundled.keep().get(FRONT) ?? "";
});

let pool: FunctionPool;
afterEach(() => pool.close(0));

/** A pool of one thread, whose function has half a second. */
function create(path = bundle, mappings?: number): FunctionPool {
  const env = { AWS_REGION: "us-east-1", QUEUE_URL: "http://127.0.0.1:1/0/q" };
  pool = new FunctionPool(
    { name: "front", bundle: path, timeout: 500, memory: 128, env },
    { dataPath, offset: createOffset(), simulated: {}, size: 1, writeLine: () => undefined },
    mappings,
  );
  return pool;
}

describe("FunctionPool", () => {
  it("kills a function at its timeout, even one that never yields, and runs the next in a fresh thread", async () => {
    create();

    const [spinning, waiting] = await Promise.allSettled([pool.invoke(event("spin")), pool.invoke(event("look"))]);

    expect(spinning).toMatchObject({ reason: { message: "front was stopped after its timeout of 0.5 s" } });
    expect(waiting).toMatchObject({ value: { config: "fixture" } });
  });

  it("starts a fresh thread after one that exited", async () => {
    create();

    await expect(pool.invoke(event("exit"))).rejects.toThrow("front exited with code 3");
    await expect(pool.invoke(event("look"))).resolves.toMatchObject({ config: "fixture" });
  });

  it("has its threads for each event source mapping, of which none takes another's share", () => {
    expect([0, 1, 3].map((mappings) => create(bundle, mappings)).map(({ share, size }) => [share, size])).toEqual([
      [1, 1],
      [1, 1],
      [1, 3],
    ]);
  });

  it("says what a handler threw", async () => {
    create();

    await expect(pool.invoke(event("throw"))).rejects.toMatchObject({
      message: "front threw RangeError: on purpose",
      failure: { name: "RangeError" },
    });
  });

  it("names the line of the source at which a handler threw", async () => {
    create();
    const line =
      readFileSync(FRONT, "utf8")
        .split("\n")
        .findIndex((text) => text.includes("on purpose")) + 1;

    await expect(pool.invoke(event("throw"))).rejects.toMatchObject({
      failure: { stack: expect.stringContaining(`${FRONT}:${line}:`) },
    });
  });

  it("fails to warm up when the bundle can't be loaded", async () => {
    create(join(dataPath, "nowhere.cjs"));

    await expect(pool.warmUp()).rejects.toThrow(/front crashed: .*Cannot find module/s);
  });

  it("gives the first invocation the thread that is being loaded", async () => {
    create(bundle, 2);
    const loading = pool.warmUp();

    await pool.invoke(event("count"));
    await loading;

    await expect(pool.invoke(event("count"))).resolves.toMatchObject({ count: 2 });
  });

  it("starts no thread before its turn, and none for what still waits when it closes", async () => {
    create(join(dataPath, "nowhere.cjs"));
    const turn = Promise.withResolvers<void>();
    pool.startAfter(turn.promise);
    const waiting = pool.invoke(event("look")).catch((error: Error) => error.message);

    await pool.close(0);
    turn.resolve();

    await expect(waiting).resolves.toBe("front was not run: the gateway stops");
  });

  it("refuses what waits when it closes, and ends what runs", async () => {
    create();
    await pool.warmUp();
    const both = Promise.allSettled([pool.invoke(event("hang")), pool.invoke(event("look"))]);

    await pool.close(0);

    const [running, waiting] = await both;
    expect(running).toMatchObject({ reason: { message: expect.stringContaining("front exited") } });
    expect(waiting).toMatchObject({ reason: { message: "front was not run: the gateway stops" } });
  });
});
