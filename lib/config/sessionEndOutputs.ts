/** Each session-end queue has an output of its own, as a value has 1,024 characters at the most. */
const OUTPUT = /^SessionEndQueue\d+$/;

/**
 * The stack's outputs that say which session-end queue is which provider's: `SessionEndQueue1` and so on, each a provider's
 * name and its queue's address with a space between.
 *
 * @param urls the addresses by the providers' names
 */
export function sessionEndOutputs(urls: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  return Object.fromEntries([...urls].map(([name, url], index) => [`SessionEndQueue${index + 1}`, `${name} ${url}`]));
}

/** The addresses of the session-end queues by their providers' names, from all of a stack's outputs. */
export function readSessionEndOutputs(outputs: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const found = Object.entries(outputs).filter(([name]) => OUTPUT.test(name));
  return Object.fromEntries(
    found.map(([, value]) => [value.slice(0, value.indexOf(" ")), value.slice(value.indexOf(" ") + 1)]),
  );
}
