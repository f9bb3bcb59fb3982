import type { Message } from "./Message.ts";

/** Whose a memory of a message is: the user's, and of what was said in a group the user's in that group. */
export function memoryScope({ chat, chatType, user }: Pick<Message, "chat" | "chatType" | "user">): string {
  return ["default", "http", ...(chatType === "group" ? [chat] : []), user].join("/");
}
