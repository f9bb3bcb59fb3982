import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import { callGraph, type GraphApi, type GraphCall } from "./callGraph.ts";

/** What Meta is told about the webhook, and by whom. */
export interface WebhookSettings extends GraphApi {
  readonly appId: string;
  readonly accountId: string;
  readonly token: string;
  readonly appSecret: string;
}

type Services = Pick<AdapterServices, "http" | "clock">;

const OBJECT = "whatsapp_business_account";

/** The one field that brings messages and statuses. */
const FIELD = "messages";

const successSchema = v.object({ success: v.literal(true) });

/** https://developers.facebook.com/docs/graph-api/reference/app/subscriptions */
const subscriptionsSchema = v.object({
  data: v.array(
    v.object({
      object: v.string(),
      callback_url: v.optional(v.string()),
      active: v.optional(v.boolean()),
      fields: v.optional(v.array(v.object({ name: v.string() }))),
    }),
  ),
});

/** https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/subscribed_apps */
const appsSchema = v.object({
  data: v.array(
    v.object({
      whatsapp_business_api_data: v.object({ id: v.string() }),
      override_callback_uri: v.optional(v.string()),
    }),
  ),
});

/** The app's address for all its accounts; Meta calls it at once, with `verifyToken`. Then the account's webhooks to the app. */
export async function setWebhook(
  settings: WebhookSettings,
  url: string,
  verifyToken: string,
  services: Services,
): Promise<void> {
  const body = { object: OBJECT, callback_url: url, fields: FIELD, verify_token: verifyToken };
  const { hidden = [], ...call } = ofApp(settings);
  await callGraph(successSchema, { ...call, method: "POST", body, hidden: [...hidden, verifyToken] }, services);
  await callGraph(successSchema, { ...ofAccount(settings), method: "POST" }, services);
}

/** The account's webhooks go to this app no more; the app's address stays, as it may be of other accounts, too. */
export async function unsetWebhook(settings: WebhookSettings, services: Services): Promise<void> {
  await callGraph(successSchema, { ...ofAccount(settings), method: "DELETE" }, services);
}

/** What is wrong with the webhook, in words; undefined when Meta calls `url` for each message. */
export async function webhookProblem(
  settings: WebhookSettings,
  url: string,
  services: Services,
): Promise<string | undefined> {
  const subscriptions = await callGraph(subscriptionsSchema, { ...ofApp(settings), method: "GET" }, services);
  const { data: apps } = await callGraph(appsSchema, { ...ofAccount(settings), method: "GET" }, services);
  const app = apps.find(({ whatsapp_business_api_data: { id } }) => id === settings.appId);
  if (!app) return "the account's webhooks do not go to this app";
  const found = subscriptions.data.find(({ object }) => object === OBJECT);
  const actual = app.override_callback_uri ?? found?.callback_url;
  if (!found || found.active === false || actual === undefined) return "Meta calls no address";
  if (actual !== url) return `Meta calls ${hostOf(actual)}, which is not ${url}`;
  if (found.fields?.some(({ name }) => name === FIELD)) return undefined;
  return `the app's webhook has no field ${FIELD}`;
}

/** By an app access token: https://developers.facebook.com/docs/facebook-login/guides/access-tokens#apptokens */
function ofApp({ apiBase, version, appId, appSecret, ...settings }: WebhookSettings): Omit<GraphCall, "method"> {
  const token = `${appId}|${appSecret}`;
  return { apiBase, version, path: `${appId}/subscriptions`, token, hidden: [appSecret, settings.token] };
}

function ofAccount({ apiBase, version, accountId, token }: WebhookSettings): Omit<GraphCall, "method"> {
  return { apiBase, version, path: `${accountId}/subscribed_apps`, token };
}

/** Of an address that is not ours only its host is repeated: people put tokens into paths. */
function hostOf(url: string): string {
  return URL.canParse(url) ? `another address, at ${new URL(url).host}` : "another address";
}
