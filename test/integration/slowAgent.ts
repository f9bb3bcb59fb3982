import * as v from "valibot";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";

/** Answers "reply 1", "reply 2", … each once its gate is opened. */
export function slowAgent(gates: (() => void)[]) {
  return defineAdapter("agent", "slow", v.strictObject({}), () => ({
    reply: () => {
      const { promise, resolve } = Promise.withResolvers<string>();
      const number = gates.push(() => resolve(`reply ${number}`));
      return promise;
    },
  }))();
}
