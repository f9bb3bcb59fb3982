import {
  type EventSourceMappingConfiguration as EventSource,
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
  paginateListEventSourceMappings,
} from "@aws-sdk/client-lambda";
import { clientDefaults } from "../../services/environment.ts";
import type { Gateway } from "../gateway/connect.ts";
import { type Finding, failed, ok } from "./Finding.ts";

/**
 * The functions, the stack's outputs with their names, and what must be left for each of the account's concurrency beside the
 * queues' mappings: two calls of the webhook; a sweep, and a batch of the stream.
 */
const FUNCTIONS = [
  { name: "webhook", output: "WebhookFunctionName", room: 2, roomFor: "webhook" },
  { name: "message", output: "MessageFunctionName", room: 0, roomFor: "" },
  { name: "session-end", output: "SessionEndFunctionName", room: 0, roomFor: "" },
  { name: "expiry", output: "ExpiryFunctionName", room: 2, roomFor: "sweeps" },
] as const;

type FunctionName = (typeof FUNCTIONS)[number]["name"];

/** What Lambda says of a function. */
interface Known {
  readonly name: FunctionName;
  /** As Lambda has it. */
  readonly functionName: string;
  readonly room: number;
  readonly roomFor: string;
  readonly sources: readonly EventSource[];
  /** Executions that are kept for it; undefined where it takes what is free. */
  readonly reserved: number | undefined;
}

/** States of a mapping that works. */
const WORKING = new Set(["Enabled", "Updating"]);

/** Whether what feeds the functions is on, and may call no more of them at once than the account allows. */
export async function checkFunctions({ address, queues }: Gateway): Promise<readonly Finding[]> {
  const { deployment } = address;
  // The runner on this machine has no account, and its mappings run with it.
  if (!deployment) return [];
  const client = new LambdaClient({ ...clientDefaults, ...deployment.settings });
  try {
    const wanted = { webhook: 0, message: 1, "session-end": queues.sessionEnd.size, expiry: 2 };
    const looks = FUNCTIONS.map(async ({ name, output, room, roomFor }) => {
      const functionName = deployment.outputs[output];
      if (functionName === undefined) return { findings: [noOutput(output)] };
      const [sources, { ReservedConcurrentExecutions: reserved }] = await Promise.all([
        wanted[name] > 0 ? listSources(client, functionName) : [],
        client.send(new GetFunctionConcurrencyCommand({ FunctionName: functionName })),
      ]);
      const findings = wanted[name] > 0 ? checkSources(name, sources, wanted[name]) : [];
      return { known: { name, functionName, room, roomFor, sources, reserved }, findings };
    });
    const found = await Promise.all(looks);
    const functions = found.flatMap(({ known }) => known ?? []);
    return [
      ...found.flatMap(({ findings }) => findings),
      ...functions.flatMap(checkReserved),
      await checkConcurrency(client, functions),
    ];
  } finally {
    client.destroy();
  }
}

const noOutput = (output: string) =>
  failed("event sources", `the stack has no output ${output}: deploy it with npx cdk deploy`);

async function listSources(client: LambdaClient, FunctionName: string): Promise<readonly EventSource[]> {
  const sources: EventSource[] = [];
  for await (const page of paginateListEventSourceMappings({ client }, { FunctionName })) {
    sources.push(...(page.EventSourceMappings ?? []));
  }
  return sources;
}

function checkSources(name: FunctionName, sources: readonly EventSource[], wanted: number): readonly Finding[] {
  const check = `${name} sources`;
  const off = sources.filter(({ State = "unknown" }) => !WORKING.has(State));
  const findings = off.map(({ UUID, State, EventSourceArn = "" }) =>
    failed(
      check,
      `the event source mapping of ${nameOf(EventSourceArn)} is ${State}: aws lambda update-event-source-mapping --enabled --uuid ${UUID}`,
    ),
  );
  if (sources.length < wanted) {
    findings.push(
      failed(check, `${sources.length} event source mappings of ${wanted}: somebody deleted one; deploy again`),
    );
  }
  return findings.length > 0 ? findings : [ok(check, `${sources.length} enabled`)];
}

/** Whether a function that has executions of its own has enough of them. */
function checkReserved({ name, functionName, room, sources, reserved }: Known): readonly Finding[] {
  if (reserved === undefined) return [];
  const needed = room + mostOf(sources);
  if (reserved >= needed) return [];
  const is = reserved === 0 ? "so that it is switched off" : `and it may need ${needed}`;
  const mend = `aws lambda delete-function-concurrency --function-name ${functionName}, or reserve ${needed} or more`;
  return [failed(`${name} concurrency`, `${reserved} executions are reserved for it, ${is}: ${mend}`)];
}

async function checkConcurrency(client: LambdaClient, functions: readonly Known[]): Promise<Finding> {
  const { AccountLimit = {} } = await client.send(new GetAccountSettingsCommand({}));
  const { ConcurrentExecutions: account = 0, UnreservedConcurrentExecutions: free = account } = AccountLimit;
  const unlimited = functions
    .flatMap(({ sources }) => ofQueues(sources))
    .find(({ ScalingConfig }) => ScalingConfig?.MaximumConcurrency === undefined);
  if (unlimited) {
    const { EventSourceArn = "" } = unlimited;
    return failed(
      "concurrency",
      `the event source mapping of ${nameOf(EventSourceArn)} has no maximum concurrency, so that it may stop all others: deploy again`,
    );
  }
  // A function calls none of what is free where executions are kept for it.
  const sharing = functions.filter(({ reserved }) => reserved === undefined);
  const most = sharing.reduce((sum, { sources }) => sum + mostOf(sources), 0);
  const kept = functions.flatMap(({ name, reserved }) => (reserved === undefined ? [] : [`${reserved} for ${name}`]));
  const found =
    `the queues' mappings call up to ${most} functions at once, and ${free} of the account's ${account} are not reserved` +
    (kept.length > 0 ? ` (${kept.join(" and ")} are, and not counted)` : "");
  const needing = sharing.filter(({ room }) => room > 0);
  const needed = needing.reduce((sum, { room }) => sum + room, 0);
  if (most + needed <= free) return ok("concurrency", found);
  const left =
    needed > 0 ? `, of which ${needed} must be left for ${needing.map(({ roomFor }) => roomFor).join(" and ")}` : "";
  return failed(
    "concurrency",
    `${found}${left}: ask for a higher quota of Lambda, or lower inboundConcurrency and sessionEndConcurrency (docs/operate/deploy.md, "Small accounts")`,
  );
}

/** The mappings of a function whose concurrency is theirs to limit: the stream's has none. */
function ofQueues(sources: readonly EventSource[]): readonly EventSource[] {
  return sources.filter(({ EventSourceArn = "" }) => EventSourceArn.includes(":sqs:"));
}

/** How many of a function the queues' mappings call at once at the most. */
function mostOf(sources: readonly EventSource[]): number {
  return ofQueues(sources).reduce((sum, { ScalingConfig }) => sum + (ScalingConfig?.MaximumConcurrency ?? 0), 0);
}

/** A queue's or a table's name. */
function nameOf(arn: string): string {
  return arn.split(":")[5] ?? arn;
}
