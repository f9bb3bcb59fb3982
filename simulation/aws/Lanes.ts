import { Heap } from "../Heap.ts";
import type { Shelf, Stored } from "./Shelf.ts";

interface Lane {
  readonly visible: Stored[];
  inFlight: number;
}

/**
 * A standard queue's, which may be long: no request looks at all of its messages. They are in one lane, or in one a group,
 * of which the one with least in flight is next.
 */
export class Lanes implements Shelf {
  private readonly isFair: boolean;
  private readonly lanes = new Map<string, Lane>();
  /** Where each visible message stands in its lane. */
  private readonly places = new Map<Stored, number>();
  private readonly inFlight = new Set<Stored>();
  /** What comes back when; what has been deleted or hidden anew since is still there. */
  private readonly returns = new Heap<{ readonly message: Stored; readonly at: number }>((a, b) => a.at < b.at);

  /** @param isFair whether each group has its lane */
  constructor(isFair: boolean) {
    this.isFair = isFair;
  }

  put(message: Stored): void {
    this.places.set(message, this.laneOf(message).visible.push(message) - 1);
  }

  remove(message: Stored): void {
    const lane = this.laneOf(message);
    if (this.inFlight.delete(message)) lane.inFlight--;
    const place = this.places.get(message);
    if (place === undefined) return;
    this.places.delete(message);
    // The last one takes its place: a lane has no order.
    const last = lane.visible.pop();
    if (!last || last === message) return;
    lane.visible[place] = last;
    this.places.set(last, place);
  }

  open(now: number): void {
    for (let next = this.returns.top; next && next.at <= now; next = this.returns.top) {
      this.returns.pop();
      const { message, at } = next;
      if (message.visibleAt !== at || !this.inFlight.delete(message)) continue;
      this.laneOf(message).inFlight--;
      this.put(message);
    }
  }

  ready(): readonly Stored[] {
    let least: Lane | undefined;
    for (const lane of this.lanes.values()) {
      if (lane.visible.length > 0 && lane.inFlight < (least?.inFlight ?? Number.POSITIVE_INFINITY)) least = lane;
    }
    return least?.visible ?? [];
  }

  hide(message: Stored): void {
    this.remove(message);
    this.inFlight.add(message);
    this.laneOf(message).inFlight++;
    this.returns.push({ message, at: message.visibleAt });
  }

  private laneOf({ group }: Stored): Lane {
    const name = this.isFair ? group : "";
    const lane = this.lanes.get(name) ?? { visible: [], inFlight: 0 };
    this.lanes.set(name, lane);
    return lane;
  }
}
