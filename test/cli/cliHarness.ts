import { expect, vi } from "vitest";
import type { Terminal } from "../../bin/Terminal.ts";
import { sessionEndOutputs } from "../../lib/config/sessionEndOutputs.ts";
import { startGatewayHarness } from "../harness/GatewayHarness.ts";
import { importing } from "../harness/importing.ts";
import { TEST_SECRET } from "../harness/webhookReceiver.ts";
import { KEY, startAwsFake } from "./awsFake.ts";
import { type CliResult, folderWithSecrets } from "./cli.ts";
import { startFrontDoor } from "./frontDoor.ts";
import { runHere } from "./runHere.ts";

/** A region of the fake, which is not the emulators' own. */
export const REGION = "eu-west-1";

/** A gateway that the CLI reaches both as one on this machine and as the deployed stack "Test". */
export async function startCliHarness() {
  const harness = await startGatewayHarness(new Date().toISOString());
  const door = await startFrontDoor(harness);
  const aws = await startAwsFake();
  const config = `
    ${importing("builtin", "defineConfig", "http", "secret", "telegram", "webhook")}
    export default defineConfig({
      platforms: {
        http: http({ secret: secret("HTTP_SIGNING_SECRET") }),
        telegram: telegram({ token: secret("BOT_TOKEN"), secretToken: secret("BOT_SECRET"), apiBase: "${harness.bot.url}" }),
      },
      access: { telegram: { others: "answer" } },
      memory: { crm: webhook({ url: "${harness.provider.url}", secret: secret("CRM_SECRET") }), builtin: builtin() },
    });`;
  const secrets = {
    HTTP_SIGNING_SECRET: TEST_SECRET,
    BOT_TOKEN: harness.bot.token,
    BOT_SECRET: "secret_TOKEN-planted",
    CRM_SECRET: TEST_SECRET,
  };
  const env = Object.entries(secrets)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
  const folder = await folderWithSecrets(harness, { url: door.url, config, env });
  const { inbound, inboundDead, sessionEnd, sessionEndDead } = harness.wiring.queues;

  /** Everything as `cdk deploy` leaves it. */
  const reset = () => {
    aws.stacks.clear();
    aws.stacks.set("Test", {
      status: "UPDATE_COMPLETE",
      outputs: {
        ...{ WebhookUrl: `${door.url}/webhooks`, TableName: harness.wiring.tableName },
        ...{ InboundQueueUrl: inbound, InboundDlqUrl: inboundDead },
        ...sessionEndOutputs(new Map(Object.entries(sessionEnd))),
        ...{ SessionEndDlqUrl: sessionEndDead, StreamFailuresQueueUrl: inboundDead },
        ...{ SweepScheduleName: "Sweep-1", RetentionScheduleName: "Retention-1", ExpiryFunctionName: "Test-Expiry" },
        ...{ MessageFunctionName: "Test-Message", SessionEndFunctionName: "Test-SessionEnd" },
        WebhookFunctionName: "Test-Webhook",
      },
    });
    aws.schedules.clear();
    aws.schedules.set("Sweep-1", "ENABLED").set("Retention-1", "ENABLED");
    aws.mappings.clear();
    const map = (id: string, functionName: string, source: string, most?: number) =>
      aws.mappings.set(id, {
        ...{ functionName, EventSourceArn: `arn:aws:${source}`, State: "Enabled" },
        ...(most === undefined ? {} : { ScalingConfig: { MaximumConcurrency: most } }),
      });
    map("uuid-inbound", "Test-Message", "sqs:eu-west-1:111122223333:Inbound.fifo", 100);
    for (const name of Object.keys(sessionEnd)) {
      map(`uuid-${name}`, "Test-SessionEnd", `sqs:eu-west-1:111122223333:SessionEnd-${name}`, 50);
    }
    map("uuid-visits", "Test-Expiry", "sqs:eu-west-1:111122223333:Visits", 2);
    map("uuid-stream", "Test-Expiry", "dynamodb:eu-west-1:111122223333:table/Table/stream/2026-03-02T10:00:00.000");
    Object.assign(aws.account, { ConcurrentExecutions: 1_000, UnreservedConcurrentExecutions: 1_000 });
    aws.reserved.clear();
    aws.parameters.clear();
    for (const [name, value] of Object.entries(secrets)) aws.parameters.set(`/vesper/Test/${name}`, value);
    aws.metrics.length = 0;
    aws.alarms.clear();
    aws.untold.clear();
    aws.denied.clear();
  };
  reset();

  /** What a machine with credentials has. */
  const machine: Readonly<Record<string, string>> = {
    ...{ VESPER_DATA: folder.dataPath, VESPER_CONFIG: folder.configPath, HOME: folder.dataPath },
    ...{ AWS_ACCESS_KEY_ID: KEY.id, AWS_SECRET_ACCESS_KEY: KEY.secret, AWS_EC2_METADATA_DISABLED: "true" },
    ...{ AWS_ENDPOINT_URL_CLOUDFORMATION: aws.url, AWS_ENDPOINT_URL_SCHEDULER: aws.url },
    ...{ AWS_ENDPOINT_URL_LAMBDA: aws.url, AWS_ENDPOINT_URL_STS: aws.url },
    AWS_ENDPOINT_URL_CLOUDWATCH: aws.url,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: harness.endpoints.dynamodb,
    ...{ AWS_ENDPOINT_URL_SSM: aws.url, AWS_ENDPOINT_URL_DYNAMODB: harness.endpoints.dynamodb },
    AWS_ENDPOINT_URL_SQS: harness.endpoints.sqs,
  };
  const planted = [...Object.values(secrets), KEY.secret];

  return {
    harness,
    door,
    aws,
    folder,
    machine,
    reset,
    planted,
    /**
     * Runs the CLI in this process; while it waits, the gateway works. `env`: beside what the machine has. No secret may
     * show, whatever the command.
     */
    async cli(args: readonly string[], env: Record<string, string> = {}, terminal: Partial<Terminal> = {}) {
      for (const [name, value] of Object.entries({ ...machine, ...env })) vi.stubEnv(name, value);
      const clock: Terminal["clock"] = {
        now: () => Date.now(),
        async until(time) {
          harness.goTo(new Date(Math.max(time, Date.now())).toISOString());
          if (door.answers) await door.settle();
        },
      };
      try {
        const result = await runHere(args, { env: { ...machine, ...env }, clock, ...terminal });
        hideSecrets(result, planted);
        return result;
      } finally {
        vi.unstubAllEnvs();
      }
    },
    async stop(): Promise<void> {
      await folder[Symbol.asyncDispose]();
      await door.close();
      await aws.close();
      await harness.stop();
    },
  };
}

export type CliHarness = Awaited<ReturnType<typeof startCliHarness>>;

/** The stack as an operator names it. */
export const DEPLOYED = ["--stack", "Test", "--region", REGION];

function hideSecrets({ stdout, stderr }: CliResult, planted: readonly string[]): void {
  for (const secret of planted) expect(stdout + stderr).not.toContain(secret);
}
