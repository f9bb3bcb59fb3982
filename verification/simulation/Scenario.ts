import type { ConfigInput } from "../../lib/config/defineConfig.ts";
import type { FaultRates } from "./Faults.ts";

/** What a person, or a program, writes. */
export interface Say {
  readonly does: "say";
  readonly at: number;
  /** The chat's id. */
  readonly chat: string;
  readonly chatType: "dm" | "group";
  readonly user: string;
  /** The platform's id of the message. */
  readonly messageId: string;
  readonly text: string;
  /** Whether the platform says when it was written. */
  readonly timed: boolean;
  readonly role: "user" | "assistant";
  readonly origin: "chat" | "scheduled";
}

/** An operator gives a provider the sessions of the past. */
export interface Replay {
  readonly does: "replay";
  readonly at: number;
  readonly provider: "crm" | "builtin";
  /** Also those that it has acknowledged. */
  readonly again: boolean;
}

/** What happens in a scenario, at `at` (milliseconds since the epoch). */
export type Action =
  | Say
  /** An operator ends the chat's live session. */
  | { readonly does: "end"; readonly at: number; readonly chat: string }
  /** An operator redrives every dead hook. */
  | { readonly does: "redrive"; readonly at: number }
  /** An operator brings every pending hook forward. */
  | { readonly does: "forward"; readonly at: number }
  /** An operator moves the dead-letter queue's messages back with the queue's own tool. */
  | { readonly does: "move"; readonly at: number }
  /** An operator moves the inbound dead-letter queue's messages back. */
  | { readonly does: "moveInbound"; readonly at: number }
  /** An operator has every failed reply sent again. */
  | { readonly does: "resend"; readonly at: number }
  /** An operator empties the session-end queue by mistake. */
  | { readonly does: "empty"; readonly at: number }
  | Replay
  /** The functions have another config from now on. */
  | { readonly does: "deploy"; readonly at: number; readonly variant: number };

/** Something does not work for a while. */
export interface Outage {
  readonly what:
    | "stream"
    | "schedules"
    | "message"
    | "sessionEnd"
    | "provider"
    | "silent-provider"
    | "platform"
    | "table";
  readonly from: number;
  readonly to: number;
}

/** How a config differs from the simulation's own. */
export type Variant = Pick<ConfigInput, "sessions" | "groups" | "hooks" | "notices" | "recall" | "retention"> & {
  /** The memory providers that it has. */
  readonly providers: readonly ("crm" | "builtin")[];
  /** Whether `crm` only accepts sessions, and works on them later. */
  readonly accepts?: boolean;
};

/** One history to be played: everything that is not drawn while it is played. */
export interface Scenario {
  readonly seed: string;
  /** Milliseconds since the epoch. */
  readonly start: number;
  /** The first one holds at the start. */
  readonly variants: readonly [Variant, ...Variant[]];
  readonly actions: readonly Action[];
  readonly outages: readonly Outage[];
  readonly rates: FaultRates;
  /** `off`: TTL deletes nothing in this scenario. */
  readonly ttl: "prompt" | "usual" | "off";
  /** How far a clock may be off, milliseconds: half of what the code allows for between two of them. */
  readonly skew: number;
  /** Items of a page. */
  readonly pageSize: number;
  /** The most characters of a reply's chunk. */
  readonly chunk: number;
  /** Whether it goes on until every session's retention is over. */
  readonly outlives?: boolean;
  /** Names of faults that do not happen. */
  readonly without: readonly string[];
}
