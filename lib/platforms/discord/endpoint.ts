import { isDeepStrictEqual } from "node:util";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import { DeliveryError } from "../../adapter/errors.ts";
import { callApi } from "./callApi.ts";
import { REGISTERED } from "./commands.ts";
import { applicationSchema, commandsSchema } from "./schema.ts";

/** The one webhook event that is read, as by it Discord tells that a chat is gone. */
const EVENTS = ["APPLICATION_DEAUTHORIZED"];

const ENABLED = 2;
const DISABLED = 1;

/** Where the API is, whose it is called as, and the public key that the config has. */
export interface Owner {
  readonly apiBase: string;
  readonly token: string;
  readonly publicKey: string;
}

type Services = Pick<AdapterServices, "http" | "clock">;

/**
 * Tells Discord the address, for interactions and events, and the commands. Discord calls the address meanwhile, once
 * rightly signed and once wrongly, and refuses one that does not tell the two apart.
 * https://discord.com/developers/docs/resources/application#edit-current-application
 */
export async function setEndpoint(owner: Owner, url: string, services: Services): Promise<string> {
  const { id, verify_key } = await readApplication(owner, services);
  if (isAnother(verify_key, owner)) throw new DeliveryError("invalid", ANOTHER_KEY, { outcome: "not-sent" });
  await edit(owner, { ...endpoints(url), event_webhooks_status: ENABLED, event_webhooks_types: EVENTS }, services);
  await overwriteCommands(owner, id, REGISTERED, services);
  const install = `https://discord.com/oauth2/authorize?client_id=${id}`;
  return `Discord calls ${url} for each of ${REGISTERED.length} commands; add the app to a server at ${install}`;
}

/** Tells Discord to call no address, and to offer no command. */
export async function unsetEndpoint(owner: Owner, services: Services): Promise<string> {
  const { id } = await edit(owner, { ...endpoints(null), event_webhooks_status: DISABLED }, services);
  await overwriteCommands(owner, id, [], services);
  return "Discord calls no address and offers no command";
}

/** What is wrong with the address and the commands as Discord has them, in words; undefined when nothing is. */
export async function endpointProblem(owner: Owner, url: string, services: Services): Promise<string | undefined> {
  const app = await readApplication(owner, services);
  if (isAnother(app.verify_key, owner)) return ANOTHER_KEY;
  const { interactions_endpoint_url: actual, event_webhooks_url: events, event_webhooks_status: status } = app;
  if (!actual) return "Discord calls no address";
  if (actual !== url) return `Discord calls ${hostOf(actual)}, which is not ${url}`;
  if (events !== url || status !== ENABLED) return "Discord does not tell of users who take the app off their account";
  const path = `/applications/${app.id}/commands`;
  const commands = await callApi(commandsSchema, { ...owner, method: "GET", path }, services);
  const names = commands.map(({ name }) => name).toSorted();
  const wanted = REGISTERED.map(({ name }) => name).toSorted();
  return isDeepStrictEqual(names, wanted) ? undefined : "Discord offers other commands than these";
}

const ANOTHER_KEY =
  "publicKey is not that of the bot's application: copy both from one page of https://discord.com/developers/applications";

/** The owner's own key may be hidden in an answer, as whatever the config calls a secret is. */
function isAnother(verifyKey: string, { publicKey }: Owner): boolean {
  return /^[0-9a-f]{64}$/i.test(verifyKey) && verifyKey.toLowerCase() !== publicKey;
}

function endpoints(url: string | null) {
  return { interactions_endpoint_url: url, event_webhooks_url: url };
}

function readApplication(owner: Owner, services: Services) {
  return callApi(applicationSchema, { ...owner, method: "GET", path: "/applications/@me" }, services);
}

function edit(owner: Owner, body: object, services: Services) {
  return callApi(applicationSchema, { ...owner, method: "PATCH", path: "/applications/@me", body }, services);
}

async function overwriteCommands(owner: Owner, app: string, body: object, services: Services): Promise<void> {
  await callApi(commandsSchema, { ...owner, method: "PUT", path: `/applications/${app}/commands`, body }, services);
}

/** Of an address that is not ours only its host is repeated: people put tokens into paths. */
function hostOf(url: string): string {
  return URL.canParse(url) ? `another address, at ${new URL(url).host}` : "another address";
}
