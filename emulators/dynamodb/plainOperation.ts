import { createStage } from "./createStage.ts";
import { loadAction, loadSpec } from "./dynalite.ts";
import type { Operation } from "./operation.ts";
import { validate } from "./validate.ts";

type Name = "describeTable" | "listTables";

/** An operation that dynalite has as it should be, and that writes nothing. */
export function plainOperation(name: Name): Operation {
  const spec = loadSpec(name);
  const action = loadAction(name);
  return async (engine, body) => createStage(engine).run(action, validate(spec, body));
}
