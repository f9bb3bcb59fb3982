import * as v from "valibot";
import type { AwsCaller } from "./awsCaller.ts";

/** Reads parameters of the parameter store, ten at the most, decrypted: those that are there, by their names. */
export type ParameterReader = (names: readonly string[], signal: AbortSignal) => Promise<ReadonlyMap<string, string>>;

const answerSchema = v.object({
  Parameters: v.optional(v.array(v.object({ Name: v.string(), Value: v.string() })), []),
});

/**
 * By the service itself: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
 *
 * @param endpoint where the parameter store answers
 */
export function parameterReader(call: AwsCaller, endpoint: string): ParameterReader {
  return async (names, signal) => {
    const operation = { service: "ssm", endpoint, target: "AmazonSSM.GetParameters", version: "1.1", signal } as const;
    const answer = v.parse(answerSchema, await call(operation, { Names: names, WithDecryption: true }));
    return new Map(answer.Parameters.map(({ Name, Value }) => [Name, Value]));
  };
}
