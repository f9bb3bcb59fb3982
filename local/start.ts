import { relative } from "node:path";
import type { RunningConsole } from "../console/server/startConsole.ts";
import { DataFolderError } from "../emulators/dynamodb/DataFolderError.ts";
import { SqsDataError } from "../emulators/sqs/SqsDataError.ts";
import type { Config } from "../lib/config/Config.ts";
import { loadConfig } from "../lib/config/loadConfig.ts";
import { systemClock } from "../lib/domain/observability.ts";
import { VesperError } from "../lib/domain/VesperError.ts";
import { httpPlatform } from "../lib/operator/gateway/postMessage.ts";
import { LocalError } from "./LocalError.ts";
import type { LocalOptions } from "./LocalOptions.ts";
import { Lab, type LabState } from "./lab/Lab.ts";
import { roughly } from "./lab/roughly.ts";
import { type LocalGateway, startLocal } from "./startLocal.ts";

/** Where the operators' page is, unless VESPER_CONSOLE_PORT says otherwise. Never the webhooks' port, which people tunnel. */
const CONSOLE_PORT = 8788;

/**
 * `npm start`. Settings come from the environment: VESPER_PORT (8787), VESPER_CONSOLE_PORT (8788), VESPER_DATA (.vesper),
 * VESPER_CONFIG (vesper.config.ts), VESPER_SIMULATE (1: also platforms whose secrets are there are simulated);
 * AWS_ENDPOINT_URL_DYNAMODB and AWS_ENDPOINT_URL_SQS name other emulators than the embedded ones.
 */
const print = (line: string): void => console.log(line);

// Lambda's clock shows UTC; a function that forgets a time zone must fail here too.
process.env.TZ = "UTC";

/** What a shell says of a program that Ctrl-C has ended. */
const INTERRUPTED = 130;

let gateway: LocalGateway | undefined;
let page: RunningConsole | undefined;
let isStopping = false;

// From the first moment on. npm passes on a Ctrl-C that the terminal has sent already, so that it may come twice.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stop);

try {
  const options = readOptions(process.env);
  gateway = await startLocal({ ...options, print });
  // It is loaded already.
  describe(gateway, await loadConfig(gateway.stack.configPath)).forEach(print);
  // Behind the rest: it takes as long to load as the functions, and the first time it is built.
  await gateway.loaded;
  if (!isStopping) page = await openPage(options, gateway);
  if (page) print(`Open ${page.link()}`);
} catch (error) {
  console.error(explain(error));
  process.exit(1);
}

/** A start that is not through needs no clean end: what it has written is whole at each moment. */
function stop(): void {
  if (!gateway) process.exit(INTERRUPTED);
  if (isStopping) return;
  isStopping = true;
  Promise.all([page?.close(), gateway.stop()]).then(
    () => process.exit(0),
    (error) => {
      console.error(`Vesper did not stop clean: ${error instanceof Error ? error.message : error}`);
      process.exit(1);
    },
  );
}

function readOptions(env: NodeJS.ProcessEnv): LocalOptions {
  const port = readPort(env, "VESPER_PORT", 8787);
  const { AWS_ENDPOINT_URL_DYNAMODB: dynamodb, AWS_ENDPOINT_URL_SQS: sqs } = env;
  return {
    port,
    dataPath: env.VESPER_DATA || ".vesper",
    configPath: env.VESPER_CONFIG || "vesper.config.ts",
    simulate: Boolean(env.VESPER_SIMULATE),
    endpoints: { ...(dynamodb ? { dynamodb } : {}), ...(sqs ? { sqs } : {}) },
  };
}

function readPort(env: NodeJS.ProcessEnv, name: string, usual: number): number {
  const port = Number(env[name] || usual);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new LocalError(`${name} is "${env[name]}", but must be a port from 0 to 65535`);
}

/** The operators' page; without it the gateway runs all the same, and a line says what is the matter. */
async function openPage(options: LocalOptions, { stack }: LocalGateway): Promise<RunningConsole | undefined> {
  try {
    const { openConsole } = await import("../console/openConsole.ts");
    return await openConsole({
      surroundings: { env: { ...process.env, VESPER_DATA: stack.dataPath }, clock: systemClock },
      target: {},
      port: readPort(process.env, "VESPER_CONSOLE_PORT", options.port === 0 ? 0 : CONSOLE_PORT),
      lab: new Lab(stack.dataPath),
      loadConfig,
      onError: (error) => console.error(error),
    });
  } catch (error) {
    if (!(error instanceof VesperError)) throw error;
    print(`The operators' page can't be opened: ${error.message}`);
    return undefined;
  }
}

function describe({ stack, secrets, warnings, interrupted, lab }: LocalGateway, config: Config): readonly string[] {
  const env = relative(process.cwd(), stack.envPath);
  const seconds = (performance.now() / 1000).toFixed(1);
  return [
    ...warnings.map((warning) => `Warning: ${warning}`),
    ...(secrets.generated.length > 0 ? [`Made up and written to ${env}: ${secrets.generated.join(", ")}`] : []),
    ...(secrets.missing.length > 0
      ? [
          `Not in ${env}: ${secrets.missing.join(", ")}. Add them as NAME=value, or start with them in the environment; what needs them fails until then`,
        ]
      : []),
    `Vesper runs at ${stack.url} (up in ${seconds} s); webhooks at ${stack.url}/webhooks/<platform>`,
    `Data and logs: ${relative(process.cwd(), stack.dataPath)}; DynamoDB ${stack.endpoints.dynamodb}; SQS ${stack.endpoints.sqs}`,
    ...(interrupted > 0
      ? [`In the middle of a turn when it was stopped: ${interrupted}. These conversations go on after about a minute`]
      : []),
    ...tellSimulated(stack, env),
    ...tellLab(lab),
    // On a simulated platform it is said with its name, which stands above.
    `Try: ${httpPlatform(config) === undefined ? "" : 'npx vesper say "hello"   '}npx vesper sessions ls   npx vesper hooks ls   (Ctrl-C stops)`,
  ];
}

/** So that nobody waits for the real platform. */
function tellSimulated({ simulation }: LocalGateway["stack"], env: string): readonly string[] {
  const real = process.env.VESPER_SIMULATE ? "without VESPER_SIMULATE" : `with its secrets in ${env}`;
  return Object.keys(simulation?.platforms ?? {}).map(
    (name) =>
      `Simulated on this machine: ${name}; ${real} the next start uses the real one. Try: npx vesper say --platform ${name} "hello"`,
  );
}

/** What was tried out before and still holds, so that nobody wonders. */
function tellLab({ clockOffset, broken }: LabState): readonly string[] {
  return [
    ...(clockOffset > 0 ? [`The clock is moved ${roughly(clockOffset)} ahead, to ${new Date().toISOString()}`] : []),
    ...Object.entries(broken).map(
      ([name, fault]) => `The memory provider ${name} is broken (${fault}): npx vesper lab mend ${name}`,
    ),
  ];
}

/** One clear message for what a person can mend; everything for a bug. */
function explain(error: unknown): string {
  const known = error instanceof VesperError || error instanceof DataFolderError || error instanceof SqsDataError;
  if (known) return `Vesper can't start: ${error.message}`;
  return `Vesper can't start, and this is a bug: ${error instanceof Error ? error.stack : error}`;
}
