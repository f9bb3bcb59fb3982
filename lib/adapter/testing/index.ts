// What the tests of a third party's platform, agent, model or memory provider import, as "vesper/testing".

export { type AgentFixture, agentInput } from "./AgentFixture.ts";
export { agentConformance } from "./agentConformance.ts";
export { type EmbeddingsFixture, embeddingsConformance } from "./embeddingsConformance.ts";
export { failureOf } from "./failureOf.ts";
export { type Answer, type Fault, type FaultServer, type SeenRequest, startFaultServer } from "./faultServer.ts";
export type { MemoryFixture, ProviderHas, Work } from "./MemoryFixture.ts";
export { memoryProviderConformance } from "./memoryProviderConformance.ts";
export { type ModelFixture, modelConformance } from "./modelConformance.ts";
export type { PlatformFixture, Said } from "./PlatformFixture.ts";
export { platformConformance } from "./platformConformance.ts";
export type { PlatformExtras } from "./platformExtrasConformance.ts";
export { callOf, endedSession, recallQuery } from "./sessions.ts";
export type { TestRunner } from "./TestRunner.ts";
export { type TestServices, testServices } from "./testServices.ts";
