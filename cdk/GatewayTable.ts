import { AttributeType, BillingMode, ProjectionType, StreamViewType, Table } from "aws-cdk-lib/aws-dynamodb";
import { Construct } from "constructs";

/** Where the gateway keeps everything it must not lose: conversations, sessions, turns and the hook ledger. */
export class GatewayTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new Table(this, "Table", {
      partitionKey: { name: "pk", type: AttributeType.STRING },
      sortKey: { name: "sk", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: "expiresAt",
      // The old image says which session ended and why; the new one that a reset put a successor in its place.
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
    });
    // Sparse: only what is unfinished carries `state` and `at`, so a sweep that finds nothing reads nothing.
    this.table.addGlobalSecondaryIndex({
      indexName: "byState",
      partitionKey: { name: "state", type: AttributeType.STRING },
      sortKey: { name: "at", type: AttributeType.NUMBER },
      projectionType: ProjectionType.KEYS_ONLY,
    });
  }
}
