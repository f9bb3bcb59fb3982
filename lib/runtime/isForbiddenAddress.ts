import { BlockList, isIP } from "node:net";

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
  const family = isIP(plain);
  if (family === 0) return false;
  const lists = origin === "configured" ? [METADATA] : [METADATA, SPECIAL];
  return lists.some(({ v4, v6 }) => (family === 4 ? v4.check(plain, "ipv4") : v6.check(plain, "ipv6")));
}

/** Prefixes, as texts of whole groups, behind which an IPv4 address stands, and the group at which it begins. */
const EMBEDDING = [
  // Mapped, translated, compatible. https://datatracker.ietf.org/doc/html/rfc4291#section-2.5.5
  { prefix: "0:0:0:0:0:ffff", at: 6 },
  { prefix: "0:0:0:0:ffff:0", at: 6 },
  { prefix: "0:0:0:0:0:0", at: 6 },
  // NAT64. https://datatracker.ietf.org/doc/html/rfc6052#section-2.1
  { prefix: "64:ff9b:0:0:0:0", at: 6 },
  // 6to4. https://datatracker.ietf.org/doc/html/rfc3056
  { prefix: "2002", at: 1 },
];

/** The IPv4 address inside an IPv6 one; undefined when there is none. */
function embedded(address: string): string | undefined {
  if (isIP(address) !== 6) return undefined;
  const groups = groupsOf(address);
  const found = EMBEDDING.find(({ prefix }) => `${groups.map(toHex).join(":")}:`.startsWith(`${prefix}:`));
  // `::` and `::1` are addresses of their own.
  if (!found || (groups.slice(0, 7).every((group) => group === 0) && (groups[7] ?? 0) <= 1)) return undefined;
  const [high = 0, low = 0] = groups.slice(found.at);
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** The eight groups of an IPv6 address, which the URL parser writes in its one normal form. */
function groupsOf(address: string): readonly number[] {
  const normal = new URL(`http://[${address.replace(/%.*$/, "")}]`).hostname.slice(1, -1);
  const [head = "", tail] = normal.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...(tail === undefined ? [] : zeros), ...after].map((group) => Number.parseInt(group, 16));
}

function toHex(group: number): string {
  return group.toString(16);
}

/** Apart by family, as one list would take every IPv4 address for its mapped form, which is within ::/8. */
function blockLists(v4: readonly string[], v6: readonly string[]) {
  return { v4: blockList(v4, "ipv4"), v6: blockList(v6, "ipv6") };
}

function blockList(subnets: readonly string[], family: "ipv4" | "ipv6"): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [net = "", bits = ""] = subnet.split("/");
    list.addSubnet(net, Number(bits), family);
  }
  return list;
}
