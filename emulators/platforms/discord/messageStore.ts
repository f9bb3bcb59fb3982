/** A message of the bot as its readers see it. */
export interface ShownMessage {
  readonly id: string;
  /** By what it was written: in place of "… is thinking", behind that, or by the bot itself. */
  readonly by: "original" | "follow-up" | "bot";
  readonly content: string;
  readonly channel: string;
  /** Only whoever gave the command sees it. */
  readonly isEphemeral: boolean;
  /** All that Discord was given of it, last. */
  readonly given: object;
}

export interface MessageStore {
  /** All that is shown, in the order in which it appeared. */
  readonly shown: readonly ShownMessage[];
  /** Answers its id. */
  show(message: Omit<ShownMessage, "id">): string;
  /** Answers the id. */
  change(id: string, content: string, given: object): string;
  remove(id: string): void;
}

export function createMessageStore(): MessageStore {
  const shown: ShownMessage[] = [];
  let count = 0;
  return {
    shown,
    show(message) {
      const id = String(1_000_000_000_000_000_000n + BigInt(count++));
      shown.push({ id, ...message });
      return id;
    },
    change(id, content, given) {
      const at = shown.findIndex((message) => message.id === id);
      const before = shown[at];
      if (before) shown[at] = { ...before, content, given };
      return id;
    },
    remove(id) {
      const at = shown.findIndex((message) => message.id === id);
      if (at >= 0) shown.splice(at, 1);
    },
  };
}
