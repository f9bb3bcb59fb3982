import { Duration, type RemovalPolicy } from "aws-cdk-lib";
import {
  type DeadLetterQueue,
  DeduplicationScope,
  FifoThroughputLimit,
  Queue,
  QueueEncryption,
} from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";

export interface GatewayQueueProps {
  /** How long a message is kept, seconds. */
  readonly retention: number;
  /** What becomes of the queue and its messages when it leaves the stack. */
  readonly removalPolicy: RemovalPolicy;
  /** Seconds. @default SQS's own, 30: nothing works on this queue's messages by itself */
  readonly visibilityTimeout?: number;
  /** In order within a group, groups side by side: FIFO with its high throughput. @default false */
  readonly fifo?: boolean;
  /** @default none */
  readonly deadLetterQueue?: DeadLetterQueue;
}

/** A queue of the gateway: encrypted where it lies, by TLS alone on its way. */
export class GatewayQueue extends Queue {
  constructor(scope: Construct, id: string, props: GatewayQueueProps) {
    const { visibilityTimeout, fifo, deadLetterQueue } = props;
    super(scope, id, {
      // Keys of SQS's own: no call to KMS for each message, and nothing that can be taken away by mistake.
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.seconds(props.retention),
      removalPolicy: props.removalPolicy,
      ...(visibilityTimeout === undefined ? {} : { visibilityTimeout: Duration.seconds(visibilityTimeout) }),
      ...(deadLetterQueue ? { deadLetterQueue } : {}),
      ...(fifo
        ? {
            fifo,
            deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
            fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
          }
        : {}),
    });
  }
}
