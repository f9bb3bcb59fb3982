import * as z from "zod/mini";
import { SsmFault } from "./SsmFault.ts";

const Name = z.string().check(z.minLength(1));
const decryption = { WithDecryption: z.optional(z.boolean()) };
const One = z.object({ Name, ...decryption });
const Several = z.object({ Names: z.array(Name).check(z.minLength(1), z.maxLength(10)), ...decryption });
const ByPath = z.object({
  Path: z.string().check(z.startsWith("/")),
  Recursive: z._default(z.boolean(), false),
  // AWS gives at most 10 a page.
  MaxResults: z._default(z.int().check(z.gte(1), z.lte(10)), 10),
  NextToken: z.optional(z.string().check(z.regex(/^\d+$/))),
  ...decryption,
});

/** What a value looks like without WithDecryption; on AWS it is the ciphertext. */
const ENCRYPTED = "(encrypted: ask with WithDecryption)";

/** Answers one request from the parameters as they are now. @throws SsmFault */
export function answer(parameters: ReadonlyMap<string, string>, action: string, body: unknown): object {
  switch (action) {
    case "GetParameter": {
      const { Name, WithDecryption } = parse(One, body);
      const value = parameters.get(Name);
      if (value === undefined) throw new SsmFault("ParameterNotFound", `Parameter ${Name} not found.`);
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
      throw new SsmFault("UnknownOperationException", `This emulator has no ${action}.`);
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

function parse<T extends z.ZodMiniType>(schema: T, body: unknown): z.infer<T> {
  const result = z.safeParse(schema, body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new SsmFault("ValidationException", `Value at '${issue?.path.join(".")}' failed: ${issue?.message}`);
}
