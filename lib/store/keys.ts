/** The primary key of an item. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** The sort key of the one item that says which session of a conversation is live. */
export const LIVE = "LIVE";

/** The sort key of every memory switch starts with it. */
export const MEMORY_SWITCH_PREFIX = "MEMORY-SWITCH#";

export const conversationItem = (conversation: string): ItemKey => ({ pk: `CONV#${conversation}`, sk: LIVE });

export const sessionItem = (conversation: string, session: string): ItemKey => ({
  pk: `CONV#${conversation}`,
  sk: `SESSION#${session}`,
});

/** Says at which time a message without a time of its own first came in. */
export const firstSeenItem = (conversation: string, messageId: string): ItemKey => ({
  pk: `CONV#${conversation}`,
  sk: `MESSAGE#${messageId}`,
});

/** A user's memory switch in a conversation; it outlives the sessions. */
export const memorySwitchItem = (conversation: string, user: string): ItemKey => ({
  pk: `CONV#${conversation}`,
  sk: `${MEMORY_SWITCH_PREFIX}${user}`,
});

/** What became of the attempts at a message, where one failed or may have. `turn` as made by `turnKey`. */
export const attemptsItem = (conversation: string, turn: string): ItemKey => ({
  pk: `CONV#${conversation}`,
  sk: `ATTEMPTS#${keyTail(turn)}`,
});

/** Says that a message has joined the turn of its album. `turn` as made by `turnKey`. */
export const joinedPictureItem = (conversation: string, turn: string): ItemKey => ({
  pk: `CONV#${conversation}`,
  sk: `JOINED#${keyTail(turn)}`,
});

/** `turn` as made by `turnKey`. */
export const turnItem = (session: string, turn: string): ItemKey => ({ pk: `SESSION#${session}`, sk: turn });

export const hookItem = (session: string, provider: string): ItemKey => ({
  pk: `SESSION#${session}`,
  sk: `HOOK#${provider}`,
});

/** What is known of a chat as a whole. `key` as made by `chatKey`. */
export const chatItem = (key: string): ItemKey => ({ pk: `CHAT#${key}`, sk: "CHAT" });

/** Somebody who has asked to talk, by the platform's name in the config. */
export const pairingItem = (platform: string, user: string): ItemKey => ({
  pk: `PAIRING#${platform}`,
  sk: `USER#${user}`,
});

/** Whether a memory provider is called at the moment, by its name in the config. */
export const breakerItem = (provider: string): ItemKey => ({ pk: `PROVIDER#${provider}`, sk: "BREAKER" });

/** A bulk action of an operator. */
export const operationItem = (id: string): ItemKey => ({ pk: `OPERATION#${id}`, sk: "OPERATION" });

/** What an operator did. */
export const auditItem = (id: string): ItemKey => ({ pk: `AUDIT#${id}`, sk: "AUDIT" });

/** What stands behind a prefix of a key, such as the id in `SESSION#<id>`. */
export function keyTail(key: string): string {
  return key.slice(key.indexOf("#") + 1);
}
