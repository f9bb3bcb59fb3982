import { isIP } from "node:net";
import { isForbiddenAddress } from "../lib/adapter/http/isForbiddenAddress.ts";

/**
 * Ends of names that lead nowhere on the public internet: https://www.iana.org/assignments/special-use-domain-names, and
 * `internal`, which ICANN keeps free. Not `example`, under which no program is ever reached, but documents are written.
 */
const PRIVATE = /(^|\.)(localhost|local|internal|home\.arpa|test|invalid|onion)$/;

/** Why a platform on the internet can't call an address, in words; undefined when it can, as far as the address tells. */
export function whyNotPublic(url: string): string | undefined {
  const { protocol, hostname } = new URL(url);
  if (protocol !== "https:") return "it is not https";
  const host = hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (isIP(host) > 0) {
    return isForbiddenAddress(host, "received") ? `${host} is no address of the public internet` : undefined;
  }
  if (!host.includes(".") || PRIVATE.test(host)) return `${host} is no name of the public internet`;
  return undefined;
}
