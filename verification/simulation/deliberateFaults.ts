import { ACCEPTED_FAULTS } from "./deliberateFaults/accepted.ts";
import type { DeliberateFault } from "./deliberateFaults/DeliberateFault.ts";
import { DELIVERY_FAULTS } from "./deliberateFaults/deliveries.ts";
import { MEMORY_FAULTS } from "./deliberateFaults/memory.ts";
import { OPERATOR_FAULTS } from "./deliberateFaults/operators.ts";
import { QUEUE_FAULTS } from "./deliberateFaults/queues.ts";
import { REPLY_FAULTS } from "./deliberateFaults/replies.ts";
import { SEALING_FAULTS } from "./deliberateFaults/sealing.ts";
import { SESSION_FAULTS } from "./deliberateFaults/sessions.ts";
import { TURN_FAULTS } from "./deliberateFaults/turns.ts";
import { VISIT_FAULTS } from "./deliberateFaults/visits.ts";

/** Faults that somebody might make: a condition dropped, an order swapped, an error swallowed, a time forgotten. */
export const DELIBERATE_FAULTS: readonly DeliberateFault[] = [
  ...SESSION_FAULTS,
  ...TURN_FAULTS,
  ...SEALING_FAULTS,
  ...VISIT_FAULTS,
  ...MEMORY_FAULTS,
  ...DELIVERY_FAULTS,
  ...ACCEPTED_FAULTS,
  ...REPLY_FAULTS,
  ...QUEUE_FAULTS,
  ...OPERATOR_FAULTS,
];
