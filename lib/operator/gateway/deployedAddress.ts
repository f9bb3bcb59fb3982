import { resolve } from "node:path";
import { CloudFormationClient, DescribeStacksCommand, type Stack } from "@aws-sdk/client-cloudformation";
import { fromIni } from "@aws-sdk/credential-provider-ini";
import { readSessionEndOutputs } from "../../config/sessionEndOutputs.ts";
import { clientDefaults } from "../../services/environment.ts";
import { CommandFailed } from "../CommandFailed.ts";
import type { Address, ClientSettings, Surroundings, Target } from "./address.ts";

/** The outputs that every command needs. */
const NEEDED = [
  "WebhookUrl",
  "TableName",
  "InboundQueueUrl",
  "InboundDlqUrl",
  "SessionEndDlqUrl",
  "StreamFailuresQueueUrl",
] as const;

/**
 * A deployed gateway, found by its stack's outputs with the operator's own AWS credentials.
 *
 * @throws CommandFailed when there is no such stack or it is another's, and what the SDK throws
 */
export async function deployedAddress(
  { stack: name, region, profile }: Target & { readonly stack: string },
  env: Surroundings["env"],
): Promise<Address> {
  const client = new CloudFormationClient({
    ...clientDefaults,
    ...(region === undefined ? {} : { region }),
    // The profile that is named, even where the environment has keys.
    ...(profile === undefined ? {} : { profile, credentials: fromIni({ profile }) }),
  });
  try {
    const stack = await describe(client, name);
    // Resolved once for all clients: a profile may ask a program or another service for them.
    const settings = { region: await client.config.region(), credentials: client.config.credentials };
    return addressOf(stack, name, settings, resolve(env.VESPER_CONFIG || "vesper.config.ts"));
  } finally {
    client.destroy();
  }
}

async function describe(client: CloudFormationClient, name: string): Promise<Stack> {
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    if (stack) return stack;
    throw new NoSuchStack(name, await client.config.region());
  } catch (cause) {
    if (!(cause instanceof Error) || !/^Stack .* does not exist$/s.test(cause.message)) throw cause;
    throw new NoSuchStack(name, await client.config.region(), { cause });
  }
}

function addressOf(stack: Stack, name: string, settings: ClientSettings, configPath: string): Address {
  const { StackStatus: status = "unknown", Outputs = [] } = stack;
  const outputs = Object.fromEntries(Outputs.map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]));
  const missing = NEEDED.filter((output) => !outputs[output]);
  if (missing.length > 0) throw new NotAGateway(name, status, missing);
  const output = (key: (typeof NEEDED)[number]) => outputs[key] ?? "";
  return {
    ...{ name, region: settings.region, configPath, secretsPrefix: `/vesper/${name}` },
    webhookUrl: output("WebhookUrl"),
    tableName: output("TableName"),
    queueUrls: {
      inbound: output("InboundQueueUrl"),
      inboundDlq: output("InboundDlqUrl"),
      sessionEnd: readSessionEndOutputs(outputs),
      dlq: output("SessionEndDlqUrl"),
      streamFailures: output("StreamFailuresQueueUrl"),
    },
    clients: { dynamodb: settings, sqs: settings, ssm: settings },
    deployment: { status, outputs, settings },
  };
}

class NoSuchStack extends CommandFailed {
  override readonly name = "NoSuchStack";

  constructor(name: string, region: string, options?: ErrorOptions) {
    super(
      `no stack "${name}" in ${region}: check --stack, --region and --profile, or deploy it with npx cdk deploy`,
      options,
    );
  }
}

class NotAGateway extends CommandFailed {
  override readonly name = "NotAGateway";

  constructor(name: string, status: string, missing: readonly string[]) {
    super(
      `the stack "${name}" (${status}) is not a Vesper gateway, or not all of one: it has no output ` +
        `${missing.join(", ")}; check --stack, or deploy it with npx cdk deploy`,
    );
  }
}
