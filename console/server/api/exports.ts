import * as v from "valibot";
import { exportSessions } from "../../../lib/operator/exportSessions.ts";
import { parseHookFilter, parseSessionFilter } from "../../../lib/operator/filter/parseFilter.ts";
import { scanHooks } from "../../../lib/operator/listHooks.ts";
import { hookView } from "../../../lib/operator/views.ts";
import { ConsoleError } from "../ConsoleError.ts";
import { Download } from "../Download.ts";
import type { Api } from "../startConsole.ts";
import type { ApiContext } from "./ApiContext.ts";
import { readName } from "./readInput.ts";

const whatSchema = v.picklist(["sessions", "hooks"]);

/** Lists whole, as files of NDJSON, as `vesper sessions export` and `vesper hooks ls --ndjson` print them. */
export function exportsApi({ gateway }: ApiContext): Api {
  const { services } = gateway;
  return {
    "GET /api/export": async (request) => {
      const { success, output: what } = v.safeParse(whatSchema, readName(request, "of"));
      if (!success) throw new ConsoleError(400, "of must be sessions or hooks");
      const filter = request.query.get("filter") ?? "";
      const now = services.clock.now();
      const day = new Date(now).toISOString().slice(0, 10);
      const name = `${gateway.address.name}-${what}-${day}.ndjson`;
      // Read before the first line is sent, so that a wrong filter is said, and no empty file.
      if (what === "sessions") {
        const query = parseSessionFilter(filter, now);
        return new Download(
          name,
          withUnread((tell) => exportSessions(services, query, tell)),
        );
      }
      const query = parseHookFilter(filter, now);
      return new Download(
        name,
        withUnread(async function* (tell) {
          for await (const { hooks, unread } of scanHooks(services, query)) {
            tell(unread);
            yield* hooks.map(hookView);
          }
        }),
      );
    },
  };
}

/** Behind the rows a line says which could not be read, so that nobody takes a file for whole that is not. */
async function* withUnread(
  read: (tell: (rows: readonly unknown[]) => void) => AsyncIterable<unknown>,
): AsyncGenerator<unknown> {
  const unread: unknown[] = [];
  yield* read((rows) => unread.push(...rows));
  if (unread.length > 0) yield { unread };
}
