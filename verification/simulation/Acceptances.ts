import { webhookId } from "../../lib/adapter/signing/postSigned.ts";
import { deliveryKey } from "../../lib/domain/ids.ts";
import type { Item } from "./aws/Item.ts";
import type { TableChange } from "./aws/ModelTable.ts";
import type { Gateway } from "./Gateway.ts";

/** Two clocks may differ by so much, milliseconds. */
const SKEW = 2_000;

/** For so long a provider may work on a session, milliseconds. */
const LONGEST_WORK = 24 * 3_600_000;

/** Watches hooks whose provider has accepted the session, and works on it. */
export class Acceptances {
  private readonly gateway: Gateway;
  private readonly violate: (rule: string, by: string) => void;

  constructor(gateway: Gateway, violate: (rule: string, by: string) => void) {
    this.gateway = gateway;
    this.violate = violate;
  }

  /** A hook's row has changed. */
  see({ before, after }: TableChange, now: number): void {
    if (!before?.accepted || !after || after.accepted) return;
    const name = `${after.session} ${after.provider}`;
    const word = this.gateway.provider.works.words.get(this.idOf(after));
    if (after.status === "delivered") {
      if (word?.state !== "stored") this.violate("no hook is delivered that was only accepted", name);
      return;
    }
    const acceptedAt = Number(before.acceptedAt);
    const hasFailed = word !== undefined && word.at > acceptedAt - SKEW && !["stored", "working"].includes(word.state);
    const isTooLong = now > acceptedAt + LONGEST_WORK - SKEW;
    if (!hasFailed && !isTooLong && !this.gateway.isChanged) {
      this.violate("an acceptance ends by its provider's word, or after a day", name);
    }
  }

  /** A call that brings a session leaves for that provider. */
  seeCall(session: string, provider: string): void {
    const hook = this.gateway.table.peek(`SESSION#${session}`, `HOOK#${provider}`);
    if (hook?.accepted) this.violate("what is accepted is asked for, and not sent again", `${session} ${provider}`);
  }

  private idOf({ session, provider }: Item): string {
    return webhookId(deliveryKey(this.gateway.config.tenant, String(provider), String(session)));
  }
}
