import { join } from "node:path";
import { CfnResource, type Duration, Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Architecture, Runtime } from "aws-cdk-lib/aws-lambda";
import { NodejsFunction, OutputFormat } from "aws-cdk-lib/aws-lambda-nodejs";
import type { Construct } from "constructs";

/** The repository's root: entries and the bundles' lock file are found from here, whatever the working directory is. */
const ROOT = join(import.meta.dirname, "..");

/** Some packages still call `require`, which an ES module does not have. */
const REQUIRE_IN_ESM =
  'import { createRequire as vesperRequire } from "node:module"; const require = vesperRequire(import.meta.url);';

export interface GatewayFunctionProps {
  /** The source file, from the repository's root, such as `functions/webhook.ts`; it exports `handler`. */
  readonly entry: string;
  /** Absolute path of the team's `vesper.config.ts`. */
  readonly configPath: string;
  /** How long one invocation may take. */
  readonly timeout: Duration;
  /** MB. @default 256 */
  readonly memorySize?: number;
  /** How often Lambda repeats a failed asynchronous call. @default Lambda's own, 2 */
  readonly retryAttempts?: number;
  /** How long Lambda keeps an asynchronous call that it can't make. @default Lambda's own, 6 hours */
  readonly maxEventAge?: Duration;
  /** @default no more than what every function has: `SECRETS_PREFIX` */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What the gateway's four functions have in common: runtime, bundling, the config and where secrets are. */
export class GatewayFunction extends NodejsFunction {
  /** Path of this stack's secrets in the parameter store, without a slash at its end. */
  private readonly secretsPrefix: string;

  constructor(scope: Construct, id: string, props: GatewayFunctionProps) {
    const secretsPrefix = `/vesper/${Stack.of(scope).stackName}`;
    super(scope, id, {
      entry: join(ROOT, props.entry),
      projectRoot: ROOT,
      depsLockFilePath: join(ROOT, "package-lock.json"),
      handler: "handler",
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memorySize ?? 256,
      timeout: props.timeout,
      ...(props.retryAttempts === undefined ? {} : { retryAttempts: props.retryAttempts }),
      ...(props.maxEventAge === undefined ? {} : { maxEventAge: props.maxEventAge }),
      environment: {
        ...props.environment,
        SECRETS_PREFIX: secretsPrefix,
        NODE_OPTIONS: "--enable-source-maps",
      },
      bundling: {
        format: OutputFormat.ESM,
        mainFields: ["module", "main"],
        minify: true,
        // A minified stack trace tells an operator nothing; the map without the sources is small.
        sourceMap: true,
        sourcesContent: false,
        // The SDK that was tested is the one that runs, whatever the runtime brings along.
        bundleAwsSDK: true,
        banner: REQUIRE_IN_ESM,
        esbuildArgs: { "--alias:#config": props.configPath },
      },
    });
    this.secretsPrefix = secretsPrefix;
    const resource = this.node.defaultChild;
    // The bundle hides which source it is from; the local runner runs the source.
    if (CfnResource.isCfnResource(resource)) resource.addMetadata("vesper:entry", props.entry);
  }

  /** Lets the function read this stack's secrets, and no other parameter. */
  grantReadSecrets(): void {
    const resourceName = `${this.secretsPrefix.slice(1)}/*`;
    this.addToRolePolicy(
      new PolicyStatement({
        actions: ["ssm:GetParameter"],
        resources: [Stack.of(this).formatArn({ service: "ssm", resource: "parameter", resourceName })],
      }),
    );
  }
}
