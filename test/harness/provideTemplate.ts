import type { TestProject } from "vitest/node";
import { synthesize } from "../../cdk/synthesize.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The CDK app's template, so that tests run on the wiring that is deployed. */
    template: string;
  }
}

/** Synthesises the stack once for all test files. */
export default function provideTemplate(project: TestProject): void {
  const configPath = new URL("fixtures/world.config.ts", import.meta.url).pathname;
  project.provide("template", JSON.stringify(synthesize({ stackName: "vesper-test", configPath })));
}
