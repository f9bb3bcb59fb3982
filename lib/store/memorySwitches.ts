import { memorySwitchSchema } from "../domain/memorySwitch.ts";
import type { Table } from "../services/Services.ts";
import { conversationItem, MEMORY_SWITCH_PREFIX } from "./keys.ts";
import { pagesOf } from "./pagesOf.ts";
import { parseVersioned } from "./versions.ts";

/** The ids of the conversation's users whose memory switch is off now (a consistent read). */
export async function readMemoryOff(table: Table, conversation: string): Promise<string[]> {
  const off: string[] = [];
  for await (const page of pagesOf(table, conversationItem(conversation).pk, MEMORY_SWITCH_PREFIX)) {
    for (const item of page.Items ?? []) {
      const { user, memory } = parseVersioned(memorySwitchSchema, item);
      if (memory === "off") off.push(user);
    }
  }
  return off;
}
