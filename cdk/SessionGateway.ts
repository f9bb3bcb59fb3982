import { Construct } from "constructs";
import { Expiry } from "./Expiry.ts";
import { GatewayTable } from "./GatewayTable.ts";
import { InboundQueue } from "./InboundQueue.ts";
import { SessionEndQueue } from "./SessionEndQueue.ts";
import { WebhookIngress } from "./WebhookIngress.ts";

export interface SessionGatewayProps {
  /** Absolute path of the team's `vesper.config.ts`, which is bundled into the functions. */
  readonly configPath: string;
}

/**
 * The whole gateway, one construct a stage of the flow: webhook → inbound queue → table → expiry → session-end queue.
 * The ids of this construct and its children are part of the logical ids of the table and the queues: to change one is
 * to lose what they hold.
 */
export class SessionGateway extends Construct {
  readonly ingress: WebhookIngress;
  readonly inbound: InboundQueue;
  readonly table: GatewayTable;
  readonly expiry: Expiry;
  readonly sessionEnd: SessionEndQueue;

  constructor(scope: Construct, id: string, props: SessionGatewayProps) {
    super(scope, id);
    const { configPath } = props;
    this.table = new GatewayTable(this, "Table");
    const { table } = this.table;
    this.inbound = new InboundQueue(this, "Inbound", { configPath, table });
    this.ingress = new WebhookIngress(this, "Webhook", { configPath, table, inboundQueue: this.inbound.queue });
    this.sessionEnd = new SessionEndQueue(this, "SessionEnd", { configPath, table });
    this.expiry = new Expiry(this, "Expiry", { configPath, table, sessionEndQueue: this.sessionEnd.queue });
  }
}
