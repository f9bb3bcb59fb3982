import { Heap } from "../Heap.ts";
import type { Stored, VisibleMessages } from "./VisibleMessages.ts";

/** A standard queue's, which may be long: no request looks at all of its messages. Its messages have no order. */
export class Lane implements VisibleMessages {
  private readonly visible: Stored[] = [];
  /** Where each visible message stands. */
  private readonly places = new Map<Stored, number>();
  private readonly inFlight = new Set<Stored>();
  /** What comes back when; what has been deleted or hidden anew since is still there. */
  private readonly returns = new Heap<{ readonly message: Stored; readonly at: number }>((a, b) => a.at < b.at);

  put(message: Stored): void {
    this.places.set(message, this.visible.push(message) - 1);
  }

  remove(message: Stored): void {
    this.inFlight.delete(message);
    const place = this.places.get(message);
    if (place === undefined) return;
    this.places.delete(message);
    // The last one takes its place.
    const last = this.visible.pop();
    if (!last || last === message) return;
    this.visible[place] = last;
    this.places.set(last, place);
  }

  open(now: number): void {
    for (let next = this.returns.top; next && next.at <= now; next = this.returns.top) {
      this.returns.pop();
      const { message, at } = next;
      if (message.visibleAt === at && this.inFlight.delete(message)) this.put(message);
    }
  }

  ready(): readonly Stored[] {
    return this.visible;
  }

  hide(message: Stored): void {
    this.remove(message);
    this.inFlight.add(message);
    this.returns.push({ message, at: message.visibleAt });
  }
}
