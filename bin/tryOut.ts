import { dirname } from "node:path";
import { parseDuration } from "../lib/adapter/duration.ts";
import { CommandFailed } from "../lib/operator/CommandFailed.ts";
import { stackPath, type Target } from "../lib/operator/gateway/address.ts";
import { FAULTS } from "../local/lab/Fault.ts";
import { Lab } from "../local/lab/Lab.ts";
import { roughly } from "../local/lab/roughly.ts";
import type { Terminal } from "./Terminal.ts";

/** The deadline of a session, in place of a duration. */
export const TO_DEADLINE = "to-deadline";

/** The lab of the gateway on this machine. @throws CommandFailed for a deployed one */
export function labOf(env: Terminal["env"], { stack }: Target): Lab {
  if (stack === undefined) return new Lab(dirname(stackPath(env)));
  throw new CommandFailed(`the lab is for the gateway on this machine alone: ${stack} is deployed`);
}

/**
 * Moves the clock.
 *
 * @param by such as `+2h`, or `to-deadline`
 * @param untilDeadline finds out how far that is, milliseconds
 * @returns what to tell
 * @throws CommandFailed for anything else, and what `Lab.moveClock` throws
 */
export async function moveClock(lab: Lab, by: string, untilDeadline: () => Promise<number>): Promise<string> {
  const ms = by === TO_DEADLINE ? await untilDeadline() : parseDuration(by.replace(/^\+/, ""));
  if (ms === undefined) {
    throw new CommandFailed(`"${by}" is no move: give a duration such as +2h or +1d, or ${TO_DEADLINE}`);
  }
  return `the clock is moved ${roughly(ms)}; it is ${roughly(await lab.moveClock(ms))} ahead`;
}

/** Breaks a provider. @returns what to tell @throws CommandFailed for no known fault, and what `Lab.breakProvider` throws */
export function breakProvider(lab: Lab, provider: string, given: string): string {
  const fault = FAULTS.find((one) => one === given);
  if (fault === undefined) throw new CommandFailed(`"${given}" is no fault: give one of ${FAULTS.join(", ")}`);
  lab.breakProvider(provider, fault);
  return `${provider} is broken: ${fault}`;
}

/** Mends a provider. @returns what to tell @throws what `Lab.mendProvider` throws */
export function mendProvider(lab: Lab, provider: string): string {
  lab.mendProvider(provider);
  return `${provider} is mended; what is dead waits for: npx vesper hooks redrive`;
}
