import { beforeEach, expect, it, vi } from "vitest";
import { warmUp } from "../../../local/functions/warmUp.ts";

let loaded: string[];
const spec = { bundle: "", timeout: 1_000, memory: 256, env: {} };

function pool(name: string, failure?: Error) {
  return {
    spec: { ...spec, name },
    turn: Promise.resolve() as Promise<unknown>,
    startAfter(turn: Promise<unknown>) {
      this.turn = turn;
    },
    async warmUp() {
      if (failure) throw failure;
      loaded.push(name);
    },
  };
}

beforeEach(() => {
  loaded = [];
});

it("loads the functions that answer a message first, and the others once those are loaded", async () => {
  const answering = Promise.withResolvers<void>();
  const slow = { ...pool("message"), warmUp: () => answering.promise.then(() => void loaded.push("message")) };
  const onError = vi.fn();
  const done = warmUp([pool("expiry"), pool("webhook"), slow], onError, new AbortController().signal);
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(loaded).toEqual(["webhook"]);
  answering.resolve();
  await done;
  expect(loaded).toEqual(["webhook", "message", "expiry"]);
  expect(onError).not.toHaveBeenCalled();
});

it("lets a function that answers no message start only after those that do", async () => {
  const answering = Promise.withResolvers<void>();
  const [expiry, slow] = [pool("expiry"), { ...pool("message"), warmUp: () => answering.promise }];
  const done = warmUp([expiry, slow], () => {}, new AbortController().signal);
  const order: string[] = [];
  const asked = expiry.turn.then(() => order.push("expiry may start"));
  answering.promise.then(() => order.push("message is loaded"));
  answering.resolve();
  await Promise.all([done, asked]);
  expect(order).toEqual(["message is loaded", "expiry may start"]);
});

it("says which function can't be loaded, and loads the rest", async () => {
  const failure = new Error("no such module");
  const onError = vi.fn();
  await warmUp([pool("webhook", failure), pool("message"), pool("expiry")], onError, new AbortController().signal);
  expect(onError.mock.calls).toEqual([["webhook", failure]]);
  expect(loaded).toEqual(["message", "expiry"]);
});

it("loads no more when the gateway stops", async () => {
  await warmUp([pool("webhook"), pool("expiry")], () => {}, AbortSignal.abort());
  expect(loaded).toEqual(["webhook"]);
});
