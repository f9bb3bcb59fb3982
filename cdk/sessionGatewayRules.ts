import { isAbsolute } from "node:path";
import { RemovalPolicy } from "aws-cdk-lib";
import { TableEncryption } from "aws-cdk-lib/aws-dynamodb";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Adapter } from "../lib/adapter/Adapter.ts";
import type { Config } from "../lib/config/Config.ts";
import { oneOf, type PropsRule, wholeNumber } from "./checkProps.ts";
import { LOG_LEVELS } from "./FunctionSettings.ts";
import type { SessionGatewayProps } from "./SessionGateway.ts";
import { WEBHOOK_DOORS } from "./WebhookDoor.ts";
import { wiring } from "./wiring.ts";

/** How many invocations an SQS event source may be limited to: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
const CONCURRENCY = [2, 1000] as const;

/**
 * The addresses of the providers' queues stand in a function's environment, of 4 KB in all: each takes 172 bytes at the
 * most, with a queue's name of 80 and a provider's of 32, and the rest of it some 650.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MOST_PROVIDERS = 20;

/** Each has as many of the index's eight shards as the others. */
const SWEEPS = [1, 2, 4, 8] as const;

/**
 * What the gateway's props must keep, checked before anything is made of them.
 *
 * @param isDeployed the functions are bundled for Lambda; else the template is looked at, or played on one's own machine
 */
export function sessionGatewayRules(props: SessionGatewayProps, isDeployed: boolean): readonly PropsRule[] {
  const { webhookThrottle = {}, removalPolicy = RemovalPolicy.RETAIN, deletionProtection = true } = props;
  const { length: providers } = Object.keys(props.config.memory);
  const days = Object.values(RetentionDays).filter((value) => typeof value === "number");
  return [
    {
      condition: !isAbsolute(props.configPath),
      message: `configPath must be an absolute path, but "${props.configPath}" was provided`,
    },
    oneOf("webhookDoor", props.webhookDoor, WEBHOOK_DOORS),
    ...(props.webhookDoor === "function-url" ? functionUrlRules(props) : []),
    wholeNumber("webhookThrottle.rate", webhookThrottle.rate, 1, 10_000),
    wholeNumber("webhookThrottle.burst", webhookThrottle.burst, 1, 5_000),
    wholeNumber("webhookReservedConcurrency", props.webhookReservedConcurrency, 1, 1000),
    // The stream's batches, the sweeps, their visits and retention at once: with less, sweeps are throttled, and not repeated.
    wholeNumber(
      "expiryReservedConcurrency",
      props.expiryReservedConcurrency,
      wiring.stream.parallelizationFactor + (props.sweeps ?? 1) * (1 + wiring.visits.batchesASweep) + 1,
      1000,
    ),
    // https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
    wholeNumber("messageMemorySize", props.messageMemorySize, 128, 10_240),
    wholeNumber("inboundConcurrency", props.inboundConcurrency, ...CONCURRENCY),
    wholeNumber("sessionEndConcurrency", props.sessionEndConcurrency, ...CONCURRENCY),
    {
      condition: providers > MOST_PROVIDERS,
      message: `config.memory must have at most ${MOST_PROVIDERS} providers, but ${providers} were provided, as each has a queue whose address every function must hold`,
    },
    ...adaptersOf(props.config).map(([path, adapter]) => {
      const why = isDeployed ? adapter.hereOnly() : undefined;
      return { condition: why !== undefined, message: `config.${path} must not be deployed: ${why}` };
    }),
    oneOf("sweeps", props.sweeps, SWEEPS),
    oneOf("logRetention", props.logRetention, days),
    oneOf("logLevel", props.logLevel, LOG_LEVELS),
    oneOf("tableEncryption", props.tableEncryption, [TableEncryption.DEFAULT, TableEncryption.AWS_MANAGED]),
    oneOf("removalPolicy", props.removalPolicy, [RemovalPolicy.RETAIN, RemovalPolicy.DESTROY]),
    {
      condition: removalPolicy === RemovalPolicy.DESTROY && deletionProtection,
      message:
        "deletionProtection must be false when removalPolicy is destroy, but true was provided: the stack could not be deleted",
    },
  ];
}

/** What holds calls back behind a function URL, and what does not. */
function functionUrlRules({ webhookReservedConcurrency, webhookThrottle }: SessionGatewayProps): readonly PropsRule[] {
  return [
    {
      condition: webhookReservedConcurrency === undefined,
      message:
        'webhookReservedConcurrency must be a whole number from 1 to 1000 with webhookDoor "function-url", but none was provided: nothing else holds calls back there, so that a flood of forged ones would take the concurrency that the other functions need',
    },
    {
      condition: webhookThrottle !== undefined,
      message: `webhookThrottle must be left out with webhookDoor "function-url", but ${JSON.stringify(webhookThrottle)} was provided: a function URL has no throttle; webhookReservedConcurrency holds calls back`,
    },
  ];
}

/** Each adapter of a config, with its path. */
function adaptersOf({ agent, platforms, memory }: Config): readonly (readonly [string, Adapter<unknown>])[] {
  return [
    ["agent", agent],
    ...Object.entries(platforms).map(([name, one]) => [`platforms.${name}`, one] as const),
    ...Object.entries(memory).map(([name, one]) => [`memory.${name}`, one] as const),
  ];
}
