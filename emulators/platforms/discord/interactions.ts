import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** The key pair of an application: Discord keeps the private one, the public one stands on the application's page. */
export interface ApplicationKey {
  /** 64 hexadecimal digits. */
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

/** A call of the application's address. */
export interface SignedCall {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Who writes, where, and what beside the command. */
export interface Scene {
  /** Default: one of its own. */
  readonly id?: string;
  readonly app: string;
  readonly token: string;
  /** Default: Ana, 4711. */
  readonly user?: { readonly id: string; readonly name?: string; readonly nick?: string };
  /** Default: the user's direct messages. */
  readonly place?: Place;
}

/** Where a command is given. `userInstalled`: the app is not in that server, its user has it. */
export type Place =
  | { readonly kind: "dm"; readonly channel: string }
  | { readonly kind: "group-dm"; readonly channel: string }
  | { readonly kind: "server"; readonly channel: string; readonly userInstalled?: boolean }
  | { readonly kind: "thread"; readonly channel: string; readonly parent: string };

const GUILD = "197038439483310086";

export function createApplicationKey(): ApplicationKey {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return { publicKey: publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("hex"), privateKey };
}

/** A call as Discord signs it. @param now milliseconds since the epoch */
export function signCall({ privateKey }: ApplicationKey, body: string | Uint8Array, now: number): SignedCall {
  const timestamp = String(Math.floor(now / 1000));
  const bytes = Buffer.from(body);
  return {
    headers: {
      "content-type": "application/json",
      "user-agent": "Discord-Interactions/1.0 (+https://discord.com)",
      "x-signature-ed25519": sign(null, Buffer.concat([Buffer.from(timestamp), bytes]), privateKey).toString("hex"),
      "x-signature-timestamp": timestamp,
    },
    body: bytes.toString("utf8"),
  };
}

/** An id that Discord gives out at a time. @param at milliseconds since the epoch */
export function snowflake(at: number, count = 0): string {
  return String((BigInt(at - 1_420_070_400_000) << 22n) + BigInt(count));
}

/** The interaction of a slash command, as Discord sends it. */
export function slashCommand(
  scene: Scene,
  name: string,
  options: readonly { readonly name: string; readonly type: number; readonly value: unknown }[] = [],
  resolved: object = {},
) {
  const data = { id: "771825006014889984", type: 1, name, options, resolved };
  return interactionOf(scene, 2, data);
}

/** The interaction of a command in a message's menu. */
export function messageMenu(
  scene: Scene,
  name: string,
  message: { readonly content: string; readonly author: string; readonly attachments?: readonly object[] },
) {
  const { content, author, attachments = [] } = message;
  const target = "867793854505943041";
  const messages = { [target]: { id: target, content, attachments, author: userOf({ id: "4712", name: author }) } };
  return interactionOf(scene, 2, {
    id: "771825006014889985",
    type: 3,
    name,
    target_id: target,
    resolved: { messages },
  });
}

/** An interaction of any type. */
export function interactionOf(scene: Scene, type: number, data: object) {
  const { id = "846462639134605312", app, token, user = { id: "4711", name: "Ana" } } = scene;
  const place: Place = scene.place ?? { kind: "dm", channel: `9${user.id}` };
  const isServer = place.kind === "server" || place.kind === "thread";
  const isOwn = place.kind === "group-dm" || (place.kind === "server" && place.userInstalled === true);
  return {
    ...{ id, application_id: app, type, token, version: 1, data },
    ...{ channel_id: place.channel, channel: channelOf(place), locale: "en-GB", entitlements: [] },
    ...(isServer
      ? { guild_id: GUILD, member: { nick: user.nick ?? null, roles: [], permissions: "0", user: userOf(user) } }
      : { user: userOf(user) }),
    context: isServer ? 0 : place.kind === "dm" ? 1 : 2,
    authorizing_integration_owners: isOwn ? { 1: user.id } : { 0: isServer ? GUILD : "0" },
    ...{ app_permissions: "442368", attachment_size_limit: 10_485_760 },
  };
}

function channelOf(place: Place): object {
  const { kind, channel: id } = place;
  if (kind === "thread") return { id, type: 11, parent_id: place.parent, guild_id: GUILD, name: "a thread" };
  // A channel's parent is the category that it stands in.
  return kind === "server"
    ? { id, type: 0, parent_id: "41771983423143937", guild_id: GUILD, name: "general" }
    : { id, type: kind === "dm" ? 1 : 3 };
}

function userOf({ id, name = "Ana" }: { readonly id: string; readonly name?: string }) {
  const username = name.toLowerCase().replace(/\W/g, "");
  return { id, username, global_name: name, discriminator: "0", avatar: null, public_flags: 0 };
}
