import type { Address } from "./Address.ts";
import { readStack } from "./readStack.ts";
import { stackPath } from "./stackPath.ts";
import type { Terminal } from "./Terminal.ts";

/** The gateway that runs on this machine. @throws what `readStack` throws */
export function localAddress(env: Terminal["env"]): Address {
  const { stackName, region, url, tableName, queueUrls, secretsPrefix, configPath, endpoints, credentials } = readStack(
    stackPath(env),
  );
  const settings = (endpoint: string) => ({ region, credentials, endpoint });
  return {
    ...{ name: stackName, region, webhookUrl: `${url}/webhooks`, tableName, secretsPrefix, configPath },
    queueUrls: {
      inbound: queueUrls.inbound,
      inboundDeadLetters: queueUrls.inboundDeadLetter,
      sessionEnd: queueUrls.sessionEnd,
      deadLetters: queueUrls.sessionEndDeadLetter,
      streamFailures: queueUrls.streamFailures,
    },
    clients: {
      dynamodb: settings(endpoints.dynamodb),
      sqs: settings(endpoints.sqs),
      ssm: settings(endpoints.ssm),
    },
  };
}
