import { randomBytes } from "node:crypto";
import { sameSecret } from "../../lib/adapter/signing/signingSecrets.ts";

/** What a call says of itself, as far as it decides whether it may come in. Header names in lower case. */
export interface CallHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly authorization?: string | undefined;
  readonly "sec-fetch-site"?: string | undefined;
}

/** Why a call is refused: the status to answer, and what to do, in words for the person at the page. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly message: string;
}

/** Who may use a console: whoever opens its link, once; and from then on the browser that did. */
export interface ConsoleAccess {
  /** The token of the next link. Each is taken once, so that a link which is seen later opens nothing. */
  issueToken(): string;
  /** Exchanges a link's token for the key that the page sends with each call; undefined when it is none, or was used. */
  redeem(token: string): string | undefined;
  /** Refuses a call that another page, another name of this machine, or a stranger makes. */
  refuseOrigin(headers: CallHeaders): Refusal | undefined;
  /** Refuses a call without a key. */
  refuseKey(headers: CallHeaders): Refusal | undefined;
}

/**
 * The key travels in the `Authorization` header and never in a cookie: a browser sends cookies to every port of a host,
 * so that any other program of this machine would get it, and with each call of a foreign page.
 *
 * @param port where the console listens
 */
export function createAccess(port: () => number): ConsoleAccess {
  const tokens = new Set<string>();
  const keys = new Set<string>();
  const hosts = () => ["127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${port()}`);
  return {
    issueToken() {
      const token = randomKey();
      tokens.add(token);
      return token;
    },
    redeem(token) {
      const issued = find(tokens, token);
      if (issued === undefined) return undefined;
      tokens.delete(issued);
      const key = randomKey();
      keys.add(key);
      return key;
    },
    refuseOrigin({ host = "", origin, "sec-fetch-site": site }) {
      // A name that somebody made lead here would let their page read our answers.
      if (!hosts().includes(host.toLowerCase())) {
        return { status: 403, message: `the console answers to ${hosts()[0]} only; open it under that name` };
      }
      const own = origin === undefined || hosts().some((name) => origin === `http://${name}`);
      if (!own || (site !== undefined && site !== "same-origin" && site !== "none")) {
        return { status: 403, message: "another page made this call; only the console's own page may" };
      }
      return undefined;
    },
    refuseKey({ authorization = "" }) {
      const key = /^Bearer ([\w-]{43})$/.exec(authorization)?.[1];
      if (key !== undefined && find(keys, key) !== undefined) return undefined;
      return {
        status: 401,
        message: "this browser has not opened the console's link, or it was started anew: open a fresh link",
      };
    },
  };
}

/** 256 bits, 43 characters that an address takes. */
function randomKey(): string {
  return randomBytes(32).toString("base64url");
}

function find(known: ReadonlySet<string>, given: string): string | undefined {
  return [...known].find((one) => sameSecret(one, given));
}
