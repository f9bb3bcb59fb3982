/** The platform's name in a conversation's key, so that sessions can be sifted by it before they are read. */
export function platformOf(conversation: string): string {
  return decodeURIComponent(conversation.split("/")[1] ?? "");
}
