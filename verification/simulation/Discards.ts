import type { HookTarget } from "../../lib/operator/operations/Operation.ts";
import type { Item } from "./aws/Item.ts";
import type { ModelTable, TableChange } from "./aws/ModelTable.ts";
import { isSame } from "./aws/plainValue.ts";

/** What stands on a hook's row that an operator has given up. */
interface Discarded {
  readonly was: "pending" | "dead";
}

/** The attributes that no row of a hook has with that status. */
const FOREIGN: Readonly<Record<string, readonly string[]>> = {
  pending: ["discarded", "deadAt", "skipped"],
  dead: ["discarded", "lease", "isDeferred", "skipped"],
  delivered: ["discarded", "deadAt", "lease", "isDeferred", "skipped", "accepted", "state", "at"],
  skipped: ["lease", "isDeferred", "state", "at"],
};

/** Watches hooks that operators give up, and take back. */
export class Discards {
  private readonly wished = new Set<string>();
  private readonly table: ModelTable;
  private readonly violate: (rule: string, by: string) => void;

  constructor(table: ModelTable, violate: (rule: string, by: string) => void) {
    this.table = table;
    this.violate = violate;
  }

  /** An operator is about to give it up. */
  wish({ session, provider }: HookTarget): void {
    this.wished.add(`${session} ${provider}`);
  }

  /** A hook's row was made, or has changed. */
  see({ before, after }: TableChange, now: number): void {
    if (!after) return;
    const name = `${after.session} ${after.provider}`;
    const foreign = FOREIGN[String(after.status)]?.filter((attribute) => after[attribute] !== undefined) ?? [];
    if (foreign.length > 0) this.violate("a hook's row says one thing", `${name}: ${after.status}, ${foreign.join()}`);
    if (before && before.createdAt !== after.createdAt) this.violate("a hook is made once", name);
    const isGivenUp = after.discarded !== undefined && this.wished.has(name);
    if (after.status === "skipped" && after.skipped === undefined && !isGivenUp) {
      this.violate("a hook is skipped for a reason", name);
    }
    if (before?.discarded !== undefined) this.seeAfterwards(name, before, after);
    else if (after.discarded !== undefined && before && leasedUntil(before) > now) {
      this.violate("no hook is given up under a running attempt", name);
    }
  }

  /** A call for a session leaves for that provider. */
  seeCall(session: string, provider: string): void {
    const hook = this.table.peek(`SESSION#${session}`, `HOOK#${provider}`);
    if (hook?.discarded !== undefined) this.violate("what is given up is not delivered", `${session} ${provider}`);
  }

  /** Only an undo, or the word of an attempt that began before, changes what was given up. */
  private seeAfterwards(name: string, before: Item, after: Item): void {
    if (after.status === "delivered") return;
    const { was } = before.discarded as Discarded;
    if (after.discarded !== undefined && !isSame(before, after)) this.violate("what is given up is left alone", name);
    else if (after.discarded === undefined && !isSame({ is: before.accepted }, { is: after.accepted })) {
      this.violate("an undo makes of a hook what it was", `${name}: accepted`);
    } else if (after.status !== was) this.violate("an undo makes of a hook what it was", `${name}: ${after.status}`);
  }
}

function leasedUntil({ lease }: Item): number {
  return (lease as { readonly until: number } | undefined)?.until ?? 0;
}
