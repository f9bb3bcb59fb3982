import type { Change } from "./change.ts";
import { type IndexEntry, indexChanges } from "./indexEntries.ts";
import { itemSize } from "./itemSize.ts";
import { sameItem } from "./sameItem.ts";
import { tableUsage, type Usage } from "./usage.ts";

/**
 * What writes cost, by table, after
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html and `.../GSI.html`.
 * Checks of conditions and writes that change nothing cost the table as any other write, and the indexes nothing.
 *
 * @param factor 2 in a transaction, which writes to the table twice
 */
export function writeUsage(changes: Change[], factor = 1): Map<string, Usage> {
  const usages = new Map<string, Usage>();
  for (const { table, before, after } of changes) {
    const usage = usages.get(table.TableName) ?? tableUsage(0);
    usages.set(table.TableName, usage);
    usage.table += factor * writeUnits(Math.max(itemSize(before), itemSize(after)));
    for (const change of indexChanges(table, before, after)) {
      const units = indexUnits(change.before, change.after);
      if (units > 0) usage[change.kind][change.index] = (usage[change.kind][change.index] ?? 0) + units;
    }
  }
  return usages;
}

/** An entry that moves is deleted and put; one that stays is written once, if what it holds has changed. */
function indexUnits(before: IndexEntry | undefined, after: IndexEntry | undefined): number {
  if (before && after && before.key !== after.key) {
    return writeUnits(itemSize(before.item)) + writeUnits(itemSize(after.item));
  }
  if (sameItem(before?.item, after?.item)) return 0;
  return writeUnits(Math.max(itemSize(before?.item), itemSize(after?.item)));
}

/** One for each 1 KB begun, at least one. */
function writeUnits(size: number): number {
  return Math.max(1, Math.ceil(size / 1024));
}
