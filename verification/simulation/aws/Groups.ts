import type { Stored, VisibleMessages } from "./VisibleMessages.ts";

/** A FIFO queue's: several messages of a group together, in their order, but none while others of it are in flight. */
export class Groups implements VisibleMessages {
  private readonly messages = new Set<Stored>();
  private candidates = new Set<Stored>();

  put(message: Stored): void {
    this.messages.add(message);
  }

  remove(message: Stored): void {
    this.messages.delete(message);
    this.candidates.delete(message);
  }

  open(now: number): void {
    const all = [...this.messages];
    const blocked = new Set(all.filter(({ visibleAt }) => visibleAt > now).map(({ group }) => group));
    this.candidates = new Set(all.filter(({ group }) => !blocked.has(group)));
  }

  /** The first message of each group. */
  ready(): readonly Stored[] {
    const groups = new Set<string>();
    return [...this.candidates].filter(({ group }) => {
      const first = !groups.has(group);
      groups.add(group);
      return first;
    });
  }

  hide(message: Stored): void {
    this.candidates.delete(message);
  }
}
