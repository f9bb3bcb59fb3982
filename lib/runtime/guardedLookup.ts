import dns from "node:dns";
import type { LookupFunction } from "node:net";
import { ForbiddenAddress } from "./ForbiddenAddress.ts";
import { type AddressOrigin, isForbiddenAddress } from "./isForbiddenAddress.ts";

/**
 * Looks names up for a connection that is about to be made, and fails with `ForbiddenAddress` when one of a name's
 * addresses is forbidden. The addresses that were checked are those that are connected to, so that a name which answers
 * differently the next time gains nothing.
 */
export function guardedLookup(origin: AddressOrigin): LookupFunction {
  return (hostname, options, callback) => {
    dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      if (addresses.some(({ address }) => isForbiddenAddress(address, origin))) {
        return callback(new ForbiddenAddress(hostname, "its name leads to an address that is not for us"), []);
      }
      const [first] = addresses;
      if (options.all || !first) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
