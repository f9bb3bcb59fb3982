// What the author of a platform, an agent or a memory provider imports, as "vesper/adapter".

export type { Attachment } from "../domain/Attachment.ts";
export type { Chat, ChatEvent, ChatType, Forwarded, InboundMessage, Quoted } from "../domain/InboundMessage.ts";
export type { Json } from "../domain/json.ts";
export type { Message, Person } from "../domain/Message.ts";
export type { Clock } from "../domain/observability.ts";
export type { EndReason } from "../domain/Session.ts";
export { VesperError } from "../domain/VesperError.ts";
export { type Adapter, type AdapterInstances, type AdapterType, defineAdapter } from "./Adapter.ts";
export type { AdapterServices, Secrets } from "./AdapterServices.ts";
export type { Agent, AgentInput } from "./Agent.ts";
export {
  DeliveryError,
  type DeliveryErrorOptions,
  type FailureKind,
  MissingSecretError,
  SecretFormatError,
  WebhookError,
} from "./errors.ts";
export { fieldError, parseJson } from "./fieldError.ts";
export { exchange } from "./http/exchange.ts";
export type { HttpClient, HttpRequest, HttpResponse } from "./http/HttpClient.ts";
export { classifyStatus, parseRetryAfter, responseError } from "./http/responseError.ts";
export type { EndedSession, Memory, MemoryProvider, ProviderCall, RecallQuery, Receipt } from "./MemoryProvider.ts";
export type { MemoryRow, MemoryStore } from "./MemoryStore.ts";
export {
  durationSchema,
  type SecretForm,
  type SecretRef,
  secretOf,
  secretSchema,
  sizeSchema,
  urlSchema,
} from "./options.ts";
export type { OutboundChunk, Platform, Polled, Received, WebhookRequest, WebhookResponse } from "./Platform.ts";
export { fields, strictFields } from "./schema/strictFields.ts";
export { scopeOf } from "./scopeOf.ts";
export { postSigned, type SignedPost, webhookId } from "./signing/postSigned.ts";
export { sameSecret, signingKeys, signingSecretsSchema } from "./signing/signingSecrets.ts";
export { headerProblem, signatureProblem, signingKey, signWebhook } from "./signing/standardWebhooks.ts";
export { parseCommand } from "./text/parseCommand.ts";
export { splitMessages } from "./text/splitMessages.ts";
export { splitText } from "./text/splitText.ts";
export { truncate } from "./text/truncate.ts";
