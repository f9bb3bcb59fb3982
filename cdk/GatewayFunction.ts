import { join } from "node:path";
import { CfnResource, Duration, RemovalPolicy, Stack, Stage, Validations } from "aws-cdk-lib";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, LoggingFormat, Runtime, SystemLogLevel, Tracing } from "aws-cdk-lib/aws-lambda";
import { Charset, NodejsFunction, OutputFormat, SourceMapMode } from "aws-cdk-lib/aws-lambda-nodejs";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import type { Grant } from "../lib/adapter/Grant.ts";
import { MODULE_ENDING } from "../lib/runtime/moduleEnding.ts";
import { bundlingOf } from "./bundling.ts";
import type { FunctionSettings } from "./FunctionSettings.ts";
import { moveSourceMap } from "./moveSourceMap.ts";

/** The root of the repository, or of what it is compiled to: entries are found from here, whatever the working directory is. */
const ROOT = join(import.meta.dirname, "..");

/** MB: enough for the SDK, and a seventh of a CPU to start with. */
const DEFAULT_MEMORY = 256;

export interface GatewayFunctionProps {
  readonly settings: FunctionSettings;
  /** The source file's name in `functions/`, without its ending; it exports `handler`. */
  readonly name: string;
  readonly description: string;
  /** Its name is in every function's environment; what a function may do with it is granted apart. */
  readonly table: Table;
  /** How long one invocation may take, seconds. */
  readonly timeout: number;
  /** MB. @default 256 */
  readonly memorySize?: number;
  /** How often Lambda repeats a failed asynchronous call. @default Lambda's own, 2 */
  readonly retryAttempts?: number;
  /** How long Lambda keeps an asynchronous call that it can't make, seconds. @default Lambda's own, 6 hours */
  readonly maxEventAge?: number;
  /** So many executions are kept for it, and it has no more than these. @default the account's share that is free */
  readonly reservedConcurrency?: number | undefined;
  /** @default no more than what every function has */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * What the gateway's four functions have in common: runtime, bundling, the config, the log, and a role that may write to
 * that log and nothing else.
 */
export class GatewayFunction extends NodejsFunction {
  /** `webhook`, `message`, `expiry` or `session-end`. */
  readonly shortName: string;
  /** MB. */
  readonly memory: number;
  /** Path of this stack's secrets in the parameter store, without a slash at its end. */
  private readonly secretsPrefix: string;
  private readonly settings: FunctionSettings;

  constructor(scope: Construct, id: string, props: GatewayFunctionProps) {
    const { settings, name } = props;
    const { stackName } = Stack.of(scope);
    const secretsPrefix = `/vesper/${stackName}`;
    const logGroup = new LogGroup(scope, `${id}Log`, {
      retention: settings.logRetention ?? RetentionDays.ONE_MONTH,
      // It goes with the stack: the log says what the functions did, and holds nothing of what was said.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(scope, `${id}Role`, {
      description: `What ${stackName}'s ${name} function may do`,
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    });
    logGroup.grantWrite(role);
    const entry = `functions/${name}${MODULE_ENDING}`;
    const bundling = bundlingOf(name);
    super(scope, id, {
      description: props.description,
      entry: join(ROOT, entry),
      projectRoot: ROOT,
      // Nothing is installed for a bundle. The CDK asks for a lock file all the same, and a package has none.
      depsLockFilePath: join(ROOT, "package.json"),
      handler: "handler",
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memorySize ?? DEFAULT_MEMORY,
      timeout: Duration.seconds(props.timeout),
      role,
      logGroup,
      // Three lines an invocation that say that it began and ended well are paid and not read. One that did not is told.
      // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      tracing: settings.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
      ...(props.retryAttempts === undefined ? {} : { retryAttempts: props.retryAttempts }),
      ...(props.reservedConcurrency === undefined ? {} : { reservedConcurrentExecutions: props.reservedConcurrency }),
      ...(props.maxEventAge === undefined ? {} : { maxEventAge: Duration.seconds(props.maxEventAge) }),
      environment: {
        ...props.environment,
        TABLE_NAME: props.table.tableName,
        SECRETS_PREFIX: secretsPrefix,
        // The dimension of the gateway's metrics.
        GATEWAY_NAME: stackName,
        LOG_LEVEL: settings.logLevel ?? "info",
      },
      bundling: {
        ...bundling,
        format: OutputFormat.CJS,
        charset: Charset.UTF8,
        // A map beside the bundle that the bundle does not name: it is moved out of the package.
        sourceMap: true,
        sourceMapMode: SourceMapMode.EXTERNAL,
        // The SDK that was tested is the one that runs, whatever the runtime brings along.
        bundleAwsSDK: true,
        esbuildArgs: { "--alias:#config": settings.configPath },
        commandHooks: moveSourceMap(join(Stage.of(scope)?.outdir ?? "cdk.out", "source-maps"), name),
      },
    });
    this.shortName = name;
    this.memory = props.memorySize ?? DEFAULT_MEMORY;
    this.secretsPrefix = secretsPrefix;
    this.settings = settings;
    if (settings.tracing) {
      Validations.of(role).acknowledge({
        id: "AwsSolutions-IAM5[Resource::*]",
        reason: "X-Ray's two actions take no resource: a trace has none before it is written",
      });
    }
    const resource = this.node.defaultChild;
    // The bundle hides which source it is from; the local runner bundles it itself.
    if (CfnResource.isCfnResource(resource)) resource.addMetadata("vesper:entry", entry);
  }

  /** What shows an operator the end of the log. */
  get tailCommand(): string {
    return `aws logs tail ${this.logGroup.logGroupName} --since 15m`;
  }

  /** Lets the function read these secrets of the stack, and no other parameter. */
  grantReadSecrets(names: readonly string[]): void {
    if (names.length === 0) return;
    const path = this.secretsPrefix.slice(1);
    this.addToRolePolicy(
      new PolicyStatement({
        actions: ["ssm:GetParameters"],
        resources: names.map((name) =>
          Stack.of(this).formatArn({ service: "ssm", resource: "parameter", resourceName: `${path}/${name}` }),
        ),
      }),
    );
    this.settings.secretsKey?.grantDecrypt(this);
  }

  /** Lets the function do what its adapters do in AWS, and no more. */
  grantAll(grants: readonly Grant[]): void {
    const stack = Stack.of(this);
    for (const { actions, resources } of grants) {
      this.addToRolePolicy(
        new PolicyStatement({ actions: [...actions], resources: resources.map((one) => stack.formatArn({ ...one })) }),
      );
    }
  }
}
