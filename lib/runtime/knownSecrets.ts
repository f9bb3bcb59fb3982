import type { Secrets } from "../adapter/AdapterServices.ts";
import type { HttpClient, HttpRequest } from "../adapter/http/HttpClient.ts";

/** Secrets that remember what they gave out, so that none of it is written down anywhere. */
export interface KnownSecrets extends Secrets {
  /** The text without any secret that was given out so far, in whichever form it stands there. */
  redact(text: string): string;
  /** The client, but whatever the other side repeats of a request's secrets is taken out of its answers. */
  redactingClient(client: HttpClient): HttpClient;
}

/** What stands for a secret. */
const HIDDEN = "<secret>";

/** A shorter text stands in too many others for it to be taken out of them; no service gives out such secrets. */
const SHORTEST = 8;

/** Request headers that carry no secret, whatever their values; all others may. */
const OPEN = new Set(["accept", "content-type", "idempotency-key", "user-agent", "webhook-id", "webhook-timestamp"]);

/** Wraps a source of secrets. What it gave out is known for the life of the process, also after a rotation. */
export function knownSecrets(source: Secrets): KnownSecrets {
  const given = new Set<string>();
  return {
    async get(ref) {
      const value = await source.get(ref);
      for (const text of textsOf(value)) given.add(text);
      return value;
    },

    redact: (text) => hide(text, given),

    redactingClient: (client) => ({
      async send(request) {
        const own = headerSecrets(request).flatMap(textsOf);
        // What is given out meanwhile, too.
        const hideAll = (text: string) => hide(text, [...given, ...own]);
        const { stream } = request;
        const response = await client.send({
          ...request,
          ...(stream && { stream: { ...stream, onLine: (line: string) => stream.onLine(hideAll(line)) } }),
        });
        return {
          ...response,
          headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, hideAll(value)])),
          text: hideAll(response.text),
        };
      },
    }),
  };
}

/** What of a secret must stand nowhere: as it is, without its label, and within base64. */
function textsOf(secret: string): readonly string[] {
  return [secret, secret.replace(/^whsec_/, ""), ...withinBase64(secret)].filter((text) => text.length >= SHORTEST);
}

/** The longest first, so that of one secret within another nothing is left. */
function hide(text: string, secrets: Iterable<string>): string {
  const lower = text.toLowerCase();
  return (
    [...secrets]
      // Letters and digits stand as they are in each form. Most secrets are in no text, and a pattern for all forms takes long to make.
      .filter((secret) => secret.split(/\W+/).every((row) => lower.includes(row.toLowerCase())))
      .sort((a, b) => b.length - a.length)
      .reduce((rest, secret) => rest.replace(inAnyForm(secret), HIDDEN), text)
  );
}

/** What a request's headers hold; of "Bearer x" also the x alone. */
function headerSecrets({ headers = {} }: HttpRequest): readonly string[] {
  return Object.entries(headers)
    .filter(([name]) => !OPEN.has(name.toLowerCase()))
    .flatMap(([, value]) => [value, ...value.split(" ")]);
}

/** As a secret stands in the base64 of a longer text, such as a basic authorization: by how many bytes are before it. */
function withinBase64(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    // Only letters that are made of the secret's bits alone.
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
}

/** Matches a secret as it is, and as programs write it into addresses, JSON and pages. */
function inAnyForm(secret: string): RegExp {
  const characters = [...secret.toWellFormed()].map((character) => {
    if (/\w/.test(character)) return character;
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    const forms = [
      `\\\\{0,3}${character.replace(/[^\p{L}\p{N}]/gu, "\\$&")}`,
      encodeURIComponent(character).replace(/[.*()]/g, "\\$&"),
      `%0?${hex}`,
      `&#0*${code};`,
      `&#x0*${hex};`,
      `\\\\{1,3}u0*${hex}`,
      ...(NAMED.get(character) ?? []),
    ];
    return `(?:${forms.join("|")})`;
  });
  return new RegExp(characters.join(""), "gi");
}

/** Other ways to write a character: by name in pages. */
const NAMED: ReadonlyMap<string, readonly string[]> = new Map([
  ["&", ["&amp;"]],
  ["<", ["&lt;"]],
  [">", ["&gt;"]],
  ['"', ["&quot;"]],
  ["'", ["&apos;"]],
  [" ", ["\\+"]],
  // Not pages, but base64 for addresses.
  ["+", ["-"]],
  ["/", ["_"]],
]);
