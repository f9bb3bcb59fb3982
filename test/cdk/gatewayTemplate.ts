import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import * as v from "valibot";
import { GatewayStack } from "../../cdk/GatewayStack.ts";
import type { SessionGatewayProps } from "../../cdk/SessionGateway.ts";
import { secret } from "../../lib/adapter/options.ts";
import { defineConfig } from "../../lib/config/defineConfig.ts";
import { webhook } from "../../lib/memory/webhook/webhook.ts";
import { http } from "../../lib/platforms/http/http.ts";
import { telegram } from "../../lib/platforms/telegram/telegram.ts";

export const CONFIG_PATH = join(import.meta.dirname, "../../vesper.config.ts");

/** A config with secrets of every kind, so that each function's share of them can be told apart. */
export const config = defineConfig({
  platforms: {
    http: http({ secret: secret("HTTP_SIGNING_SECRET") }),
    telegram: telegram({ token: secret("TELEGRAM_TOKEN"), secretToken: secret("TELEGRAM_SECRET") }),
  },
  memory: { crm: webhook({ url: "https://example.com/sessions", secret: secret("CRM_SIGNING_SECRET") }) },
});

/** An app that neither bundles nor asks anybody anything. */
export function quickApp(): App {
  return new App({
    analyticsReporting: false,
    treeMetadata: false,
    builtinCloudFormationValidation: false,
    context: { "aws:cdk:bundling-stacks": [], "aws:cdk:enable-asset-metadata": false },
  });
}

/** The stack `Test`, not yet synthesised, without bundling. */
export function gatewayStack(props: Partial<SessionGatewayProps> = {}): GatewayStack {
  return new GatewayStack(quickApp(), "Test", { config, configPath: CONFIG_PATH, ...props });
}

/** The template of the stack `Test`. */
export function gatewayTemplate(props: Partial<SessionGatewayProps> = {}): Template {
  return Template.fromStack(gatewayStack(props), { skipCyclicalDependenciesCheck: true });
}

/** Logical id of the one resource of a type whose id contains a text. */
export function idOf(template: Template, type: string, part: string): string {
  const found = Object.keys(template.findResources(type)).filter((id) => id.includes(part));
  const [id] = found;
  if (id === undefined || found.length > 1) throw new Error(`${found.length} resources of ${type} match ${part}`);
  return id;
}

/** Logical id of the function of a source file. */
export function functionId(template: Template, name: string): string {
  const Metadata = { "vesper:entry": `functions/${name}.ts` };
  const [id] = Object.keys(template.findResources("AWS::Lambda::Function", { Metadata }));
  if (id === undefined) throw new Error(`no function is made of functions/${name}.ts`);
  return id;
}

const functionSchema = v.object({
  Architectures: v.array(v.string()),
  Runtime: v.string(),
  Timeout: v.number(),
  MemorySize: v.number(),
  Role: v.object({ "Fn::GetAtt": v.strictTuple([v.string(), v.literal("Arn")]) }),
  LoggingConfig: v.object({
    LogGroup: v.object({ Ref: v.string() }),
    LogFormat: v.string(),
    SystemLogLevel: v.string(),
  }),
  TracingConfig: v.optional(v.object({ Mode: v.string() })),
  Environment: v.object({ Variables: v.record(v.string(), v.unknown()) }),
});

/** Properties of the function of a source file. */
export function functionOf(template: Template, name: string): v.InferOutput<typeof functionSchema> {
  return v.parse(functionSchema, template.toJSON().Resources[functionId(template, name)].Properties);
}
