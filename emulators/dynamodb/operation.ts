import type { Engine } from "./engine.ts";

/**
 * One operation of the service.
 *
 * @param body the request's parsed JSON
 * @returns the answer
 * @throws AwsError, or dynalite's likeness of one
 */
export type Operation = (engine: Engine, body: unknown) => Promise<object>;
