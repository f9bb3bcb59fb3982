import * as v from "valibot";
import { ConsoleError } from "../ConsoleError.ts";
import { type ConsoleLab, FAULTS } from "../ConsoleLab.ts";
import type { Api } from "../startConsole.ts";
import type { ApiContext } from "./ApiContext.ts";
import { readBody } from "./readInput.ts";

/** A year, milliseconds: by then everything has ended and most is purged. */
const MOST_AHEAD = 366 * 24 * 3_600_000;

const clockSchema = v.object({ by: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_AHEAD)) });

/** The gateway's time moved on, and its providers broken and mended; only where it runs on this machine. */
export function labApi({ config, lab }: ApiContext): Api {
  const here = (): ConsoleLab => {
    if (lab) return lab;
    throw new ConsoleError(409, "only a gateway on this machine has a clock to move and providers to break");
  };
  const providers = Object.keys(config.memory);
  const breakSchema = v.object({ provider: v.picklist(providers), fault: v.picklist(FAULTS) });
  const mendSchema = v.object({ provider: v.picklist(providers) });
  return {
    "POST /api/lab/clock": async (request) => {
      await here().moveClock(readBody(clockSchema, request).by);
      return here().state();
    },
    "POST /api/lab/break": async (request) => {
      const { provider, fault } = readBody(breakSchema, request);
      here().breakProvider(provider, fault);
      return here().state();
    },
    "POST /api/lab/mend": async (request) => {
      here().mendProvider(readBody(mendSchema, request).provider);
      return here().state();
    },
  };
}
