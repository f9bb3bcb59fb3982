import { commit } from "./commit.ts";
import { createStage } from "./createStage.ts";
import { loadAction, loadSpec } from "./dynalite.ts";
import type { Operation } from "./operation.ts";
import { validate } from "./validate.ts";

type Name = "describeTable" | "listTables" | "tagResource" | "untagResource" | "listTagsOfResource";

/** An operation that dynalite has as it should be: about tables and their tags. */
export function plainOperation(name: Name): Operation {
  const spec = loadSpec(name);
  const action = loadAction(name);
  return async (engine, body) => {
    const data = validate(spec, body);
    const stage = createStage(engine);
    const answer = await stage.run(action, data);
    await engine.alone(() => commit(engine, [], stage.others));
    return answer;
  };
}
