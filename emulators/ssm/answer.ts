import * as v from "valibot";
import { AwsError } from "../AwsError.ts";

const Name = v.pipe(v.string(), v.minLength(1));

const decryption = { WithDecryption: v.optional(v.boolean()) };

const One = v.object({ Name, ...decryption });

const Several = v.object({ Names: v.pipe(v.array(Name), v.minLength(1), v.maxLength(10)), ...decryption });

const ByPath = v.object({
  Path: v.pipe(v.string(), v.startsWith("/")),
  Recursive: v.optional(v.boolean(), false),
  // AWS gives at most 10 a page.
  MaxResults: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10)), 10),
  NextToken: v.optional(v.pipe(v.string(), v.regex(/^\d+$/))),
  ...decryption,
});

/** What a value looks like without WithDecryption; on AWS it is the ciphertext. */
const ENCRYPTED = "(encrypted: ask with WithDecryption)";

/** Answers one request from the parameters as they are now. @throws AwsError */
export function answer(parameters: ReadonlyMap<string, string>, action: string, body: unknown): object {
  switch (action) {
    case "GetParameter": {
      const { Name, WithDecryption } = parse(One, body);
      const value = parameters.get(Name);
      if (value === undefined) throw new AwsError("ParameterNotFound", `Parameter ${Name} not found.`);
      return { Parameter: parameter(Name, value, WithDecryption) };
    }
    case "GetParameters": {
      const { Names, WithDecryption } = parse(Several, body);
      const names = [...new Set(Names)].sort();
      return {
        Parameters: [...parameters]
          .filter(([name]) => names.includes(name))
          .map(([name, value]) => parameter(name, value, WithDecryption)),
        InvalidParameters: names.filter((name) => !parameters.has(name)),
      };
    }
    case "GetParametersByPath": {
      const { Path, Recursive, MaxResults, NextToken = "0", WithDecryption } = parse(ByPath, body);
      const folder = Path.endsWith("/") ? Path : `${Path}/`;
      const found = [...parameters]
        .filter(([name]) => name.startsWith(folder) && (Recursive || !name.slice(folder.length).includes("/")))
        .sort(([a], [b]) => (a < b ? -1 : 1));
      const end = Number(NextToken) + MaxResults;
      return {
        Parameters: found.slice(Number(NextToken), end).map(([name, value]) => parameter(name, value, WithDecryption)),
        ...(end < found.length && { NextToken: String(end) }),
      };
    }
    default:
      throw new AwsError("UnknownOperationException", `This emulator has no ${action}.`);
  }
}

function parameter(name: string, value: string, decrypt: boolean | undefined): object {
  return {
    Name: name,
    Type: "SecureString",
    Value: decrypt ? value : ENCRYPTED,
    Version: 1,
    ARN: `arn:aws:ssm:us-east-1:000000000000:parameter${name.startsWith("/") ? "" : "/"}${name}`,
    DataType: "text",
  };
}

function parse<T extends v.GenericSchema>(schema: T, body: unknown): v.InferOutput<T> {
  const result = v.safeParse(schema, body);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new AwsError("ValidationException", `Value at '${v.getDotPath(issue) ?? ""}' failed: ${issue.message}`);
}
