import { BlockList, isIPv4, isIPv6 } from "node:net";

/** Where an address is from: our own config, or anything that came in from outside. */
export type AddressOrigin = "configured" | "received";

/**
 * Where clouds answer with credentials to whoever asks. Never legitimate, not even when configured: EC2, ECS and EKS
 * are link-local (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html,
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint.html), and so are most others.
 */
const METADATA = blockLists(
  ["169.254.0.0/16", "168.63.129.16/32", "100.100.100.200/32", "192.0.0.192/32"],
  ["fe80::/10", "fd00:ec2::/32", "fd20:ce::/32"],
);

/**
 * What is not the public internet; an address that came from outside must not lead there.
 * https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry
 */
const SPECIAL = blockLists(
  [
    ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24"],
    ...["192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"],
  ],
  ["::/8", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7", "fec0::/10", "ff00::/8"],
);

/**
 * Whether nothing may be sent to an IP address. From the config internal addresses are legitimate, those of metadata
 * services never; from outside only the public internet is. An IPv4 address inside an IPv6 one counts as itself.
 *
 * @param host an address of either family, with or without brackets; a name is not one, and is never forbidden by itself
 */
export function isForbiddenAddress(host: string, origin: AddressOrigin): boolean {
  const address = host.replace(/^\[|\]$/g, "");
  const plain = embedded(address) ?? address;
  return (
    [plain, ...translatedHere(address)].some((one) => isIn(METADATA, one)) ||
    (origin === "received" && isIn(SPECIAL, plain))
  );
}

/** What is no address is in no list. */
function isIn(lists: ReturnType<typeof blockLists>, address: string): boolean {
  const family = isIPv4(address) ? "ipv4" : "ipv6";
  return lists[family].check(address, family);
}

/**
 * An IPv6 address in which an IPv4 one stands, as 32 digits. In this order: mapped, translated, compatible
 * (https://datatracker.ietf.org/doc/html/rfc4291#section-2.5.5; `::` and `::1` are as special as 0.0.0.0/8), NAT64
 * (https://datatracker.ietf.org/doc/html/rfc6052#section-2.1), 6to4 (https://datatracker.ietf.org/doc/html/rfc3056).
 */
const EMBEDDING = /^(?:0{20}ffff|0{16}ffff0000|0{24}|0064ff9b0{16}|2002)(.{8})/;

/** The IPv4 address inside an IPv6 one; undefined when there is none. */
function embedded(address: string): string | undefined {
  if (!isIPv6(address)) return undefined;
  const digits = EMBEDDING.exec(digitsOf(address))?.[1];
  return digits === undefined ? undefined : dotted(digits);
}

/** The prefix of a network's own NAT64: https://datatracker.ietf.org/doc/html/rfc8215 */
const LOCAL_NAT64 = "0064ff9b0001";

/**
 * The IPv4 addresses for which a network's own NAT64 may take an IPv6 one. How much of the prefix it uses is its own
 * choice, 48, 56, 64 or 96 bits, and decides where the IPv4 address stands, around the ninth byte:
 * https://datatracker.ietf.org/doc/html/rfc6052#section-2.2
 */
function translatedHere(address: string): readonly string[] {
  const digits = isIPv6(address) ? digitsOf(address) : "";
  if (!digits.startsWith(LOCAL_NAT64)) return [];
  return [
    digits.slice(12, 16) + digits.slice(18, 22),
    digits.slice(14, 16) + digits.slice(18, 24),
    digits.slice(18, 26),
    digits.slice(24),
  ].map(dotted);
}

function dotted(digits: string): string {
  return Buffer.from(digits, "hex").join(".");
}

/** The 32 digits of an IPv6 address, which the URL parser writes in its one normal form. */
function digitsOf(address: string): string {
  const normal = new URL(`http://[${address.replace(/%.*$/, "")}]`).hostname.slice(1, -1);
  // Before or after "::" may be nothing, which then is four of the zeros.
  const [before = "", after = ""] = normal.split("::").map((half) =>
    half
      .split(":")
      .map((group) => group.padStart(4, "0"))
      .join(""),
  );
  return before.padEnd(32 - after.length, "0") + after;
}

/** Apart by family, as one list would take every IPv4 address for its mapped form, which is within ::/8. */
function blockLists(v4: readonly string[], v6: readonly string[]) {
  return { ipv4: blockList(v4, "ipv4"), ipv6: blockList(v6, "ipv6") };
}

function blockList(subnets: readonly string[], family: "ipv4" | "ipv6"): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [net = "", bits = ""] = subnet.split("/");
    list.addSubnet(net, Number(bits), family);
  }
  return list;
}
