import type { Command } from "commander";
import { auditEntrySchema } from "../../lib/operator/audit.ts";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import { listRecords } from "../../lib/operator/listRecords.ts";
import { when } from "../../lib/operator/plain.ts";
import { isoTime } from "../../lib/operator/views.ts";
import { type PageOptions, pageOptions } from "../options/pageOptions.ts";
import { readPages } from "../output/readPages.ts";
import { toJson } from "../output/toJson.ts";
import { toTable } from "../output/toTable.ts";
import type { Terminal } from "../Terminal.ts";

/** `vesper audit`: who did what, when and why. */
export function audit(parent: Command, terminal: Terminal): void {
  pageOptions(parent.command("audit").description("list what operators did, newest first; kept for 13 months")).action(
    async (options: PageOptions) => {
      using gateway = await connect(terminal, parent.optsWithGlobals<Target>());
      const view = ({ at, ...entry }: { readonly at: number }) => ({ at: isoTime(at), ...entry });
      const { items, next } = await readPages(
        terminal,
        options,
        async (paging) => {
          const { records, ...rest } = await listRecords(gateway.services, "AUDIT", auditEntrySchema, paging);
          return { ...rest, items: records };
        },
        view,
      );
      if (options.ndjson) return;
      if (options.json) return terminal.write(toJson(items.map(view)));
      const now = terminal.clock.now();
      const rows = items.map((one) => [when(one.at, now), one.who, one.action, one.target, one.why ?? ""]);
      const head = ["WHEN", "WHO", "ACTION", "TARGET", "WHY"];
      terminal.write(rows.length > 0 ? toTable(head, rows, undefined, terminal.columns) : "nothing yet");
      if (next !== undefined) terminal.warn(`more: --cursor ${next}`);
    },
  );
}
