import type { Queue } from "../runtime/Services.ts";

/**
 * The session-end queues by the names of their memory providers: each has one of its own, and a share of its own of the
 * deliveries at once, so that one that hangs holds up no other.
 */
export type SessionEndQueues = ReadonlyMap<string, Queue>;
