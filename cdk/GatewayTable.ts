import type { RemovalPolicy } from "aws-cdk-lib";
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  type TableEncryption,
} from "aws-cdk-lib/aws-dynamodb";
import { type Conditions, type IGrantable, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";

/** The index of all that is unfinished, by its state and when it must be looked at. */
const BY_STATE = "byState";

/** What a function may do with the table's items. No function scans. */
export type ItemAction =
  | "BatchGetItem"
  | "BatchWriteItem"
  | "ConditionCheckItem"
  | "DeleteItem"
  | "GetItem"
  | "PutItem"
  | "Query"
  | "UpdateItem";

/** What the partition keys of the table's items begin with, by whose rows they are: see docs/design/architecture.md. */
export type Partition = "CHAT" | "CONV" | "MEMORY" | "PAIRING" | "PROVIDER" | "SESSION";

export interface GatewayTableProps {
  readonly encryption: TableEncryption;
  /** Whether DynamoDB refuses to delete the table. */
  readonly deletionProtection: boolean;
  /** What becomes of the table when it leaves the stack. */
  readonly removalPolicy: RemovalPolicy;
}

/** Where the gateway keeps everything it must not lose: conversations, sessions, turns and the hook ledger. */
export class GatewayTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, props: GatewayTableProps) {
    super(scope, id);
    this.table = new Table(this, "Table", {
      partitionKey: { name: "pk", type: AttributeType.STRING },
      sortKey: { name: "sk", type: AttributeType.STRING },
      // Idle it costs nothing; and it takes the minute in which a daily reset ends every session.
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: props.encryption,
      deletionProtection: props.deletionProtection,
      removalPolicy: props.removalPolicy,
      timeToLiveAttribute: "expiresAt",
      // The old image says which session ended and why; the new one that a reset put a successor in its place.
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
    });
    // Sparse: only what is unfinished carries `state` and `at`, so a sweep that finds nothing reads nothing.
    this.table.addGlobalSecondaryIndex({
      indexName: BY_STATE,
      partitionKey: { name: "state", type: AttributeType.STRING },
      sortKey: { name: "at", type: AttributeType.NUMBER },
      projectionType: ProjectionType.KEYS_ONLY,
    });
  }

  /** The stream of the items' changes. */
  get streamArn(): string {
    const { tableStreamArn } = this.table;
    if (tableStreamArn === undefined) throw new Error("the table has no stream, though it was made with one");
    return tableStreamArn;
  }

  /**
   * Allows just these actions, and each only on items of these partitions. CDK's own grants hold more, and the indexes too.
   * What IAM can tell apart is the partition key, not the sort key:
   * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
   */
  grantItems(to: IGrantable, actions: Readonly<Partial<Record<Partition, readonly ItemAction[]>>>): void {
    for (const [partition, names] of Object.entries(actions)) {
      grant(to, names, this.table.tableArn, {
        "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [`${partition}#*`] },
      });
    }
  }

  /** Allows to look for what is due. */
  grantIndex(to: IGrantable): void {
    grant(to, ["Query"], `${this.table.tableArn}/index/${BY_STATE}`);
  }

  /** Allows what Lambda needs to read the stream on the function's behalf. */
  grantStream(to: IGrantable): void {
    grant(to, ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"], this.streamArn);
  }
}

function grant(to: IGrantable, names: readonly string[], resource: string, conditions: Conditions = {}): void {
  const actions = names.map((name) => `dynamodb:${name}`);
  to.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [resource], conditions }));
}
