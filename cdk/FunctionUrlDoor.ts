import { Fn } from "aws-cdk-lib";
import type { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { FunctionUrlAuthType, type IFunction, InvokeMode } from "aws-cdk-lib/aws-lambda";
import type { WebhookDoor } from "./WebhookDoor.ts";

/**
 * The webhook function's own address. Every call runs the function, which answers what is no platform's with 404. Only its
 * reserved concurrency holds calls back: so many at once, and ten times as many a second. Lambda answers the rest with 429.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-throttling
 */
export class FunctionUrlDoor implements WebhookDoor {
  readonly kind = "function-url";
  readonly url: string;
  readonly calls: Metric;
  readonly refused: Metric;
  readonly failed: Metric;

  /** @param callee has reserved concurrency */
  constructor(callee: IFunction) {
    const { url } = callee.addFunctionUrl({
      // Platforms sign their calls, each in its own way; the function verifies before it does anything else.
      authType: FunctionUrlAuthType.NONE,
      invokeMode: InvokeMode.BUFFERED,
    });
    // Of the address the host alone: it ends with a slash, which AWS's pages do not say.
    this.url = `https://${Fn.select(2, Fn.split("/", url))}/webhooks`;
    // https://docs.aws.amazon.com/lambda/latest/dg/urls-monitoring.html
    this.calls = callee.metric("UrlRequestCount", { statistic: "Sum" });
    this.refused = callee.metric("Url4xxCount", { statistic: "Sum" });
    this.failed = callee.metric("Url5xxCount", { statistic: "Sum" });
  }
}
