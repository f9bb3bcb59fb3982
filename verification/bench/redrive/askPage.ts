import * as v from "valibot";
import { systemClock } from "../../../lib/domain/observability.ts";

const keySchema = v.object({ key: v.string() });

const planSchema = v.object({ plan: v.string() });

const operationSchema = v.object({
  id: v.string(),
  status: v.string(),
  done: v.number(),
  left: v.number(),
  count: v.number(),
});

/** Milliseconds between two looks. */
const PAUSE = 50;

/** Does what the operators' page does, by its calls. @param link the console's */
export async function askPage(link: string) {
  const { origin, hash } = new URL(link);
  let key = "";
  const call = async <Schema extends v.GenericSchema>(schema: Schema, path: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const posted = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await fetch(`${origin}${path}`, { headers, ...posted });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return v.parse(schema, await response.json());
  };
  ({ key } = await call(keySchema, "/api/enter", { token: hash.replace("#token=", "") }));
  return {
    /** Plans and begins a redrive of all that is dead, and waits for its end. Times in milliseconds. */
    async redrive() {
      const { plan } = await call(planSchema, "/api/plan", { verb: "redrive", filter: "" });
      const began = performance.now();
      const { id } = await call(operationSchema, "/api/operations", { plan });
      let acted = 0;
      let seen = 0;
      for (;;) {
        const { status, done, left } = await call(operationSchema, `/api/operation?id=${id}`);
        if (done + left > seen) acted = performance.now() - began;
        seen = done + left;
        if (status !== "running") return { acted, over: performance.now() - began };
        await systemClock.until(Date.now() + PAUSE);
      }
    },
  };
}
