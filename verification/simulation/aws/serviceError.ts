/** An error as the SDK throws it for a service's answer. */
export function serviceError(name: string, message: string, more: Readonly<Record<string, unknown>> = {}): Error {
  return Object.assign(new Error(message), { name, $fault: "client", $metadata: {}, ...more });
}
