/** One price, US dollars, and where it was found. */
export interface Price {
  readonly dollars: number;
  /** What that buys, in words. */
  readonly per: string;
  /** The vendor's own page, for whoever brings the table up to date. */
  readonly page: string;
  /**
   * Where the number was found when the table was made, and the date of that. The stored copies of AWS's own pricing
   * pages mostly lack their numbers, so most are from pages that quote them; `undefined`: known, but not confirmed.
   */
  readonly found: { readonly at: string; readonly date: string } | undefined;
}

/** When the table was made. */
export const PRICES_DATE = "2026-11-22";

/** The region of the prices. Others differ by up to a third. */
export const PRICES_REGION = "us-east-1";

const DYNAMODB = "https://aws.amazon.com/dynamodb/pricing/on-demand/";

const SQS = "https://aws.amazon.com/sqs/pricing/";

const LAMBDA = "https://aws.amazon.com/lambda/pricing/";

const CLOUDWATCH = "https://aws.amazon.com/cloudwatch/pricing/";

const API = "https://aws.amazon.com/api-gateway/pricing/";

/** The first tier of each price, without the free tier: an upper bound. */
export const prices = {
  write: {
    dollars: 0.625e-6,
    per: "DynamoDB write unit",
    page: DYNAMODB,
    found: { at: "https://airbyte.com/data-engineering-resources/dynamodb-pricing", date: "2025-07-21" },
  },
  read: {
    dollars: 0.125e-6,
    per: "DynamoDB read unit",
    page: DYNAMODB,
    found: { at: "https://airbyte.com/data-engineering-resources/dynamodb-pricing", date: "2025-07-21" },
  },
  storage: {
    dollars: 0.25,
    per: "GB-month in DynamoDB",
    page: DYNAMODB,
    found: { at: "https://aws.amazon.com/dynamodb/pricing/", date: "undated copy" },
  },
  recovery: { dollars: 0.2, per: "GB-month of point-in-time recovery", page: DYNAMODB, found: undefined },
  fifo: {
    dollars: 0.5e-6,
    per: "SQS FIFO request",
    page: SQS,
    found: { at: "https://cloudburn.io/blog/amazon-sqs-pricing", date: "2026-03-14" },
  },
  standard: {
    dollars: 0.4e-6,
    per: "SQS standard request",
    page: SQS,
    found: { at: "https://cloudburn.io/blog/amazon-sqs-pricing", date: "2026-03-14" },
  },
  invocation: {
    dollars: 0.2e-6,
    per: "Lambda request",
    page: LAMBDA,
    found: { at: "https://git.mcrn.ar/mariano/lambda_local_runner (lambda-13-cost.md)", date: "2026-05-11" },
  },
  gbSecond: {
    dollars: 0.0000133334,
    per: "Lambda GB-second, arm64",
    page: LAMBDA,
    found: { at: "https://cloudchipr.com/blog/aws-lambda-pricing", date: "2024" },
  },
  apiCall: {
    dollars: 1e-6,
    per: "HTTP API request",
    page: API,
    found: { at: "https://amnic.com/blogs/aws-api-gateway-pricing", date: "undated copy" },
  },
  schedule: {
    dollars: 1e-6,
    per: "EventBridge Scheduler invocation (14 million a month are free)",
    page: "https://aws.amazon.com/eventbridge/pricing/",
    found: { at: "https://cloudburn.io/blog/amazon-eventbridge-pricing", date: "2026-03-13" },
  },
  logGb: {
    dollars: 0.5,
    per: "GB of CloudWatch logs taken in",
    page: CLOUDWATCH,
    found: { at: "https://cloudburn.io/blog/amazon-cloudwatch-pricing", date: "2026-02" },
  },
  logStorage: {
    dollars: 0.03,
    per: "GB-month of CloudWatch logs kept",
    page: CLOUDWATCH,
    found: { at: "https://hykell.com/kb/platform-specific-guides/aws-cloudwatch-logs-pricing", date: "undated copy" },
  },
  metric: {
    dollars: 0.3,
    per: "CloudWatch metric a month, in the hours in which it has values (10 are free)",
    page: CLOUDWATCH,
    found: { at: "https://signoz.io/guides/cloudwatch-pricing", date: "2026-02-15" },
  },
  alarm: {
    dollars: 0.1,
    per: "CloudWatch alarm a month (10 are free)",
    page: CLOUDWATCH,
    found: undefined,
  },
  dashboard: {
    dollars: 3,
    per: "CloudWatch dashboard a month (3 are free)",
    page: CLOUDWATCH,
    found: {
      at: "https://www.factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards/",
      date: "2026-06-13",
    },
  },
  parameter: {
    dollars: 0,
    per: "SSM standard parameter, and its reading at standard throughput",
    page: "https://aws.amazon.com/systems-manager/pricing/",
    found: {
      at: "https://docs.aws.eu/systems-manager/latest/userguide/parameter-store-throughput.html",
      date: "undated copy",
    },
  },
} as const satisfies Record<string, Price>;
