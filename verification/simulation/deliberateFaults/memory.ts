import type { DeliberateFault } from "./DeliberateFault.ts";

/** Faults in what is remembered of whom. */
export const MEMORY_FAULTS: readonly DeliberateFault[] = [
  {
    name: "a turn's mark is not looked at",
    file: "lib/domain/memorySwitch.ts",
    find: "row.memoryOff === true ||",
    by: "row.memoryOff === 1 ||",
  },
  {
    name: "memory off does not count for what was said before it",
    file: "lib/domain/memorySwitch.ts",
    find: "off.has(user)",
    by: 'off.has("nobody")',
  },
  {
    name: "one user's memory switch is everybody's",
    file: "lib/domain/memorySwitch.ts",
    find: "(user !== undefined && off.has(user))",
    by: "off.size > 0",
  },
  {
    name: "a new session turns remembering on again",
    file: "lib/message/claim.ts",
    find: "...(memoryOff.length > 0 ? { memoryOff } : {}),",
    by: "",
  },
  {
    name: "a switch holds from the next session on",
    file: "lib/message/switchMemory.ts",
    find: "...(off.length > 0 ? { memoryOff: off } : {}),",
    by: "...(memoryOff.length > 0 ? { memoryOff } : {}),",
  },
  {
    name: "one whose memory is off is recited to",
    file: "lib/message/makeTurn.ts",
    find: "if (isMemoryOff(message)) return [];",
    by: "",
  },
  {
    name: "builtin remembers nothing",
    file: "lib/memory/builtin/builtin.ts",
    find: "await memories.put(scopeOf({ ...session, user: { id } }), own);",
    by: "scopeOf({ ...session, user: { id } });",
  },
  {
    name: "everybody's memories are one",
    file: "lib/adapter/scopeOf.ts",
    find: "return parts.map(keyPart)",
    by: "return parts.slice(0, 2).map(keyPart)",
  },
  {
    name: "memory off skips nothing",
    file: "lib/store/newHooks.ts",
    find: "if (kept.length < spoken.length && !kept.some(isByPerson)) return",
    by: "if (kept.length > spoken.length) return",
  },
];
