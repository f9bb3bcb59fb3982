import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { SeenRequest } from "../../lib/adapter/testing/faultServer.ts";

/** Where the vendors' own descriptions of their APIs are, beside the checkout. They are not ours to copy. */
const FOLDER = join(import.meta.dirname, "../../../shared/specs");

/** Says what is wrong with a request by its vendor's own description. */
export type VendorSpec = (request: SeenRequest) => readonly string[];

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly requestBody?: unknown }>>>>;
}

/** A vendor's OpenAPI description; undefined where it does not lie beside the checkout. */
export function vendorSpec(name: string): VendorSpec | undefined {
  const file = join(FOLDER, `${name}.openapi.json`);
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, "utf8");
  const spec: OpenApi = JSON.parse(text, strict);
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(spec, "spec");
  return ({ method, path, body }) => {
    const { pathname } = new URL(path, "http://vendor.test");
    const template = Object.keys(spec.paths).find((one) => matches(one, pathname));
    const operation = template === undefined ? undefined : spec.paths[template]?.[method.toLowerCase()];
    if (template === undefined || !operation) return [`there is no ${method} ${pathname}`];
    if (!operation.requestBody) return body === "" ? [] : ["it takes no body"];
    const pointer = ["paths", template, method.toLowerCase(), "requestBody", "content", "application/json", "schema"];
    const validate = ajv.compile({ $ref: `spec#/${pointer.map(escapePart).join("/")}` });
    validate(JSON.parse(body));
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}

/** What a description leaves open, a typo would slip through; and OpenAPI 3.0's word for what may be null is none of JSON Schema. */
function strict(_name: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const { nullable, ...rest } = value as Readonly<Record<string, unknown>>;
  const isOpen = rest.type === "object" && rest.properties !== undefined && rest.additionalProperties === undefined;
  const closed = isOpen ? { ...rest, additionalProperties: false } : rest;
  return nullable === true ? { anyOf: [closed, { type: "null" }] } : closed;
}

function matches(template: string, path: string): boolean {
  const [wanted, given] = [template.split("/"), path.split("/")];
  return wanted.length === given.length && wanted.every((part, i) => part.startsWith("{") || part === given[i]);
}

function escapePart(part: string): string {
  return encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));
}
