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
  /** By the secret's text. */
  const given = new Map<string, Pattern>();
  const remember = (patterns: Map<string, Pattern>, secret: string) => {
    // Without its label, too.
    for (const text of [secret, secret.replace(/^whsec_/, ""), ...withinBase64(secret)]) {
      if (text.length >= SHORTEST && !patterns.has(text)) patterns.set(text, patternOf(text));
    }
  };
  return {
    async get(ref) {
      const value = await source.get(ref);
      remember(given, value);
      return value;
    },

    redact: (text) => hide(text, given),

    redactingClient: (client) => ({
      async send(request) {
        const patterns = new Map(given);
        for (const secret of headerSecrets(request)) remember(patterns, secret);
        const { stream } = request;
        const onLine = (line: string) => stream?.onLine(hide(line, patterns));
        const response = await client.send({ ...request, ...(stream ? { stream: { ...stream, onLine } } : {}) });
        for (const [text, pattern] of given) patterns.set(text, pattern);
        const headers = Object.entries(response.headers).map(([name, value]) => [name, hide(value, patterns)]);
        return { ...response, headers: Object.fromEntries(headers), text: hide(response.text, patterns) };
      },
    }),
  };
}

/** How a secret is found. */
interface Pattern {
  /** Its longest row of letters and digits, which each of its forms has as it is, in lower case. */
  readonly row: string;
  /** All its forms. Made when a text has the row: most secrets are in no text, and a pattern takes longer than the rest. */
  expression(): RegExp;
}

function patternOf(secret: string): Pattern {
  const row = (secret.match(/\w+/g) ?? []).reduce((longest, one) => (one.length > longest.length ? one : longest), "");
  let expression: RegExp | undefined;
  return {
    row: row.toLowerCase(),
    expression() {
      expression ??= inAnyForm(secret);
      return expression;
    },
  };
}

/** The longest first, so that of one secret within another nothing is left. */
function hide(text: string, patterns: ReadonlyMap<string, Pattern>): string {
  const lower = text.toLowerCase();
  return [...patterns]
    .filter(([, { row }]) => lower.includes(row))
    .sort(([a], [b]) => b.length - a.length)
    .reduce((rest, [, pattern]) => rest.replace(pattern.expression(), HIDDEN), text);
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
