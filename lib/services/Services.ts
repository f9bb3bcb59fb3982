import type { SQSClient } from "@aws-sdk/client-sqs";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Agent } from "../adapter/Agent.ts";
import type { MemoryProvider } from "../adapter/MemoryProvider.ts";
import type { Platform } from "../adapter/Platform.ts";
import type { Config } from "../config/Config.ts";
import type { Clock, Logger, Metrics } from "../domain/observability.ts";

/** The gateway's table. */
export interface Table {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
}

/** A queue's client and address. */
export interface Queue {
  readonly client: SQSClient;
  readonly url: string;
}

/** What is needed to end sessions: no adapter, so neither secrets nor calls to other programs. */
export interface CoreServices {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly table: Table;
  /** A number from 0 to below 1, at random; for waits, so that those who were refused together do not come again together. */
  random(): number;
}

/** What is needed to take webhook calls: neither the table nor what works with memory. */
export interface EdgeServices extends Pick<CoreServices, "config" | "clock" | "log" | "metrics"> {
  /** A new ULID: unique, and sorted by time. */
  newId(): string;
  /** The configured platform of that name; undefined when there is none. */
  platform(name: string): Platform | undefined;
}

/** What everything in `lib/` works with; built once by a function, or by a test. */
export interface Services extends CoreServices, EdgeServices {
  /** A text without any secret that this process has read; for what is stored of somebody else's words. */
  redact(text: string): string;
  /** The configured memory provider of that name; undefined when there is none. */
  provider(name: string): MemoryProvider | undefined;
  agent(): Agent;
}
