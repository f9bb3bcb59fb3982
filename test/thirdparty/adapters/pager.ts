import {
  defineAdapter,
  headerProblem,
  type Platform,
  parseCommand,
  parseJson,
  postSigned,
  signatureProblem,
  signingKeys,
  signingSecretsSchema,
  splitText,
  strictFields,
  urlSchema,
  WebhookError,
  webhookId,
} from "vesper/adapter";

/** Characters of one page. */
const LIMIT = 500;

/** A platform of pages: short texts between a person and the gateway, signed as Standard Webhooks says, both ways. */
export const pager = defineAdapter(
  "platform",
  "pager",
  strictFields({ api: urlSchema, secret: signingSecretsSchema }),
  ({ api, secret }, services): Platform => ({
    async receive({ method, headers, body }) {
      if (method !== "POST")
        throw new WebhookError(405, `${method} is not taken; POST a page`, { headers: { allow: "POST" } });
      const now = services.clock.now();
      const wrong =
        headerProblem(headers, now) ??
        signatureProblem(await signingKeys(secret, services.secrets), headers, now, body);
      if (wrong !== undefined) throw new WebhookError(401, wrong);
      const { from, text } = pageIn(parseJson(body));
      const message = {
        messageId: headers["webhook-id"] ?? "",
        chat: { id: from, type: "dm" },
        user: { id: from },
      } as const;
      return { messages: [{ ...message, ...parseCommand(text), role: "user", origin: "chat", replyTo: from }] };
    },
    render: (text) => splitText(text, LIMIT),
    async send({ text, replyTo, key }) {
      const page = { url: api, secrets: secret, id: webhookId(key), body: { to: replyTo, text }, timeout: 10_000 };
      await postSigned(page, services);
    },
  }),
);

function pageIn(body: unknown): { readonly from: string; readonly text: string } {
  if (typeof body !== "object" || body === null) throw new WebhookError(400, "a page is an object with from and text");
  if (!("from" in body) || typeof body.from !== "string") throw new WebhookError(400, "from must be a text");
  if (!("text" in body) || typeof body.text !== "string") throw new WebhookError(400, "text must be a text");
  return { from: body.from, text: body.text };
}
