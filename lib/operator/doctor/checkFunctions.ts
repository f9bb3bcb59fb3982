import {
  type EventSourceMappingConfiguration as EventSource,
  GetAccountSettingsCommand,
  LambdaClient,
  paginateListEventSourceMappings,
} from "@aws-sdk/client-lambda";
import { clientDefaults } from "../../services/environment.ts";
import type { Gateway } from "../gateway/connect.ts";
import { type Finding, failed, ok } from "./Finding.ts";

/** The functions that event source mappings call, and the stack's outputs with their names. */
const CALLED = [
  ["message", "MessageFunctionName"],
  ["session-end", "SessionEndFunctionName"],
  ["expiry", "ExpiryFunctionName"],
] as const;

type Called = (typeof CALLED)[number][0];

/**
 * What must be left of the account's concurrency beside the queues' mappings: two calls of the webhook, a sweep, and a
 * batch of the stream.
 */
const ROOM = 4;

/** States of a mapping that works. */
const WORKING = new Set(["Enabled", "Updating"]);

/** Whether what feeds the functions is on, and may call no more of them at once than the account allows. */
export async function checkFunctions({ address, queues }: Gateway): Promise<readonly Finding[]> {
  const { deployment } = address;
  // The runner on this machine has no account, and its mappings run with it.
  if (!deployment) return [];
  const client = new LambdaClient({ ...clientDefaults, ...deployment.settings });
  try {
    const wanted = { message: 1, "session-end": queues.sessionEnd.size, expiry: 2 };
    const found = CALLED.map(async ([name, output]) => {
      const functionName = deployment.outputs[output];
      if (functionName === undefined) return { sources: [], findings: [noOutput(output)] };
      const sources = await listSources(client, functionName);
      return { sources, findings: checkSources(name, sources, wanted[name]) };
    });
    const all = await Promise.all(found);
    return [
      ...all.flatMap(({ findings }) => findings),
      await checkConcurrency(
        client,
        all.flatMap(({ sources }) => sources),
      ),
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

function checkSources(name: Called, sources: readonly EventSource[], wanted: number): readonly Finding[] {
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

async function checkConcurrency(client: LambdaClient, sources: readonly EventSource[]): Promise<Finding> {
  const { AccountLimit = {} } = await client.send(new GetAccountSettingsCommand({}));
  const { ConcurrentExecutions: account = 0, UnreservedConcurrentExecutions: free = account } = AccountLimit;
  const ofQueues = sources.filter(({ EventSourceArn = "" }) => EventSourceArn.includes(":sqs:"));
  const unlimited = ofQueues.find(({ ScalingConfig }) => ScalingConfig?.MaximumConcurrency === undefined);
  if (unlimited) {
    const { EventSourceArn = "" } = unlimited;
    return failed(
      "concurrency",
      `the event source mapping of ${nameOf(EventSourceArn)} has no maximum concurrency, so that it may stop all others: deploy again`,
    );
  }
  const most = ofQueues.reduce((sum, { ScalingConfig }) => sum + (ScalingConfig?.MaximumConcurrency ?? 0), 0);
  const found = `the queues' mappings call up to ${most} functions at once, and ${free} of the account's ${account} are not reserved`;
  if (most + ROOM <= free) return ok("concurrency", found);
  return failed(
    "concurrency",
    `${found}, of which webhook and sweeps need ${ROOM}: ask for a higher quota of Lambda, or lower inboundConcurrency and sessionEndConcurrency (docs/operate/deploy.md, "Small accounts")`,
  );
}

/** A queue's or a table's name. */
function nameOf(arn: string): string {
  return arn.split(":")[5] ?? arn;
}
