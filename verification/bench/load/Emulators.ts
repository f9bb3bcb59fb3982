import type { Wiring } from "../../../test/harness/createWiring.ts";

/** Where everything is that the handlers call. */
export interface Emulators {
  readonly wiring: Wiring;
  readonly dynamoDb: string;
  readonly sqs: string;
  /** An HTTP server that acknowledges every call: the platform and the memory provider. */
  readonly acknowledger: string;
}
