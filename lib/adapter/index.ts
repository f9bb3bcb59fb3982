// What the author of a platform, an agent, a model or a memory provider imports, as "vesper/adapter".

export type { Attachment } from "../domain/Attachment.ts";
export type { Chat, ChatEvent, ChatType, Forwarded, InboundMessage, Quoted } from "../domain/InboundMessage.ts";
export type { Json } from "../domain/json.ts";
export type { KeptResult } from "../domain/KeptResult.ts";
export type { Message, Person } from "../domain/Message.ts";
export type { Clock, LogFields, Logger, Metrics } from "../domain/observability.ts";
export type { EndReason } from "../domain/Session.ts";
export { VesperError } from "../domain/VesperError.ts";
export { type Adapter, type AdapterInstances, type AdapterType, adapterOf, defineAdapter } from "./Adapter.ts";
export type { AdapterServices, AwsSettings, Secrets } from "./AdapterServices.ts";
export type { Agent, AgentInput, AgentReply } from "./Agent.ts";
export { awsError } from "./aws/awsError.ts";
export { callSignal, clientSettings } from "./aws/clientSettings.ts";
export { countTokens } from "./countTokens.ts";
export { definePlatform, type Operating, type Receiving, type Sending } from "./definePlatform.ts";
export type { Embeddings } from "./Embeddings.ts";
export {
  DeliveryError,
  type DeliveryErrorOptions,
  type FailureKind,
  MissingSecretError,
  SecretFormatError,
  WebhookError,
} from "./errors.ts";
export { fieldError, parseJson } from "./fieldError.ts";
export type { AwsResource, Grant } from "./Grant.ts";
export { eventReader } from "./http/eventReader.ts";
export { exchange } from "./http/exchange.ts";
export type { HttpClient, HttpRequest, HttpResponse, LineStream } from "./http/HttpClient.ts";
export { readJson } from "./http/readJson.ts";
export { classifyStatus, parseRetryAfter, responseError } from "./http/responseError.ts";
export { keptFor } from "./keptFor.ts";
export type { Limits } from "./Limits.ts";
export type {
  Confirmation,
  EndedSession,
  Memory,
  MemoryOwner,
  MemoryProvider,
  ProviderCall,
  RecallQuery,
  Receipt,
} from "./MemoryProvider.ts";
export type { MemoryRow, MemoryStore, Vector } from "./MemoryStore.ts";
export type { Model, ModelAnswer, ModelMessage, ModelRequest, ModelUsage } from "./Model.ts";
export {
  durationSchema,
  type SecretForm,
  type SecretRef,
  secretOf,
  secretSchema,
  sizeSchema,
  urlSchema,
} from "./options.ts";
export type {
  Draft,
  OutboundChunk,
  Platform,
  Polled,
  Post,
  Received,
  ShownDraft,
  Undelivered,
  WebhookRequest,
  WebhookResponse,
} from "./Platform.ts";
export { packVector } from "./packVector.ts";
export { perUser, type UserPart } from "./perUser.ts";
export { asAuthFailure, readSecret } from "./readSecret.ts";
export { safeId } from "./safeId.ts";
export { fields, strictFields } from "./schema/strictFields.ts";
export { scopeOf } from "./scopeOf.ts";
export { type Part, type PartSender, sendParts } from "./sendParts.ts";
export { postSigned, type SignedPost, webhookId } from "./signing/postSigned.ts";
export { sameSecret, signingKeys, signingSecretsSchema } from "./signing/signingSecrets.ts";
export { headerProblem, signatureProblem, signingKey, signWebhook } from "./signing/standardWebhooks.ts";
export type { Patience, Toolbox, ToolCall, ToolResult, ToolRound, ToolSpec } from "./Toolbox.ts";
export { batchMessages } from "./text/batchMessages.ts";
export { parseCommand } from "./text/parseCommand.ts";
export { splitMessages } from "./text/splitMessages.ts";
export { splitText } from "./text/splitText.ts";
export { toPlain } from "./text/toPlain.ts";
export { truncate } from "./text/truncate.ts";
