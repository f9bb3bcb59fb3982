import {
  type Answer,
  type FaultServer,
  type SeenRequest,
  startFaultServer,
} from "../../lib/adapter/testing/faultServer.ts";
import type { MetricPoint } from "../../local/metrics/LogMetrics.ts";
import { answerMetricData } from "./metricDataFake.ts";

/** The operator's credentials. */
export const KEY = { id: "AKIDVESPERTEST", secret: "operators-secret-access-key-PLANTED" };

/** A stack as CloudFormation tells of it. */
export interface FakeStack {
  status: string;
  outputs: Record<string, string>;
}

/** An event source mapping as Lambda tells of it. */
export interface FakeMapping {
  readonly functionName: string;
  readonly EventSourceArn: string;
  State: string;
  ScalingConfig?: { readonly MaximumConcurrency: number };
}

export interface AwsFake extends FaultServer {
  /** By name. */
  readonly stacks: Map<string, FakeStack>;
  /** The state of each schedule, by name. */
  readonly schedules: Map<string, string>;
  /** The event source mappings, by UUID. */
  readonly mappings: Map<string, FakeMapping>;
  /** The account's limits of Lambda. */
  readonly account: { ConcurrentExecutions: number; UnreservedConcurrentExecutions: number };
  /** Executions that are reserved, by their function's name. */
  readonly reserved: Map<string, number>;
  /** By name. */
  readonly parameters: Map<string, string>;
  /** What functions have put into CloudWatch. */
  readonly metrics: MetricPoint[];
  /** The alarms' states and texts, by name. */
  readonly alarms: Map<string, { readonly state: string; readonly text: string }>;
  /** Metrics that CloudWatch has trouble with. */
  readonly untold: Set<string>;
  /** Actions, such as `ssm:GetParameters`, that the operator may not do. */
  readonly denied: Set<string>;
}

const REGION = "eu-west-1";

const ARN = `:${REGION}:111122223333:`;

const IDENTITY =
  `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>` +
  `<Arn>arn:aws:iam::111122223333:user/ann</Arn><UserId>AIDA</UserId><Account>111122223333</Account>` +
  `</GetCallerIdentityResult></GetCallerIdentityResponse>`;

/**
 * STS's GetCallerIdentity, CloudFormation's DescribeStacks, EventBridge Scheduler's GetSchedule, Lambda's GetAccountSettings,
 * GetFunctionConcurrency and ListEventSourceMappings, CloudWatch's GetMetricData and DescribeAlarms, and SSM's GetParameter and GetParameters, strict: every call must be signed for its service and region with `KEY`, and one that the services would refuse is refused.
 */
export async function startAwsFake(): Promise<AwsFake> {
  const stacks = new Map<string, FakeStack>();
  const schedules = new Map<string, string>();
  const parameters = new Map<string, string>();
  const mappings = new Map<string, FakeMapping>();
  const account = { ConcurrentExecutions: 1_000, UnreservedConcurrentExecutions: 1_000 };
  const reserved = new Map<string, number>();
  const metrics: MetricPoint[] = [];
  const alarms: AwsFake["alarms"] = new Map();
  const untold = new Set<string>();
  const denied = new Set<string>();

  const accept = (request: SeenRequest): Answer => {
    const { authorization = "", "x-amz-target": target } = request.headers;
    const [, key, region, signedFor] =
      /Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(authorization) ?? [];
    const service = signedFor === "monitoring" ? "cloudwatch" : signedFor;
    const form = new URLSearchParams(request.body);
    const action =
      service === "cloudformation"
        ? form.get("Action")
        : service === "ssm" || service === "cloudwatch"
          ? target?.split(".")[1]
          : service === "lambda"
            ? lambdaAction(request)
            : "GetSchedule";
    // STS, which needs no right, and whose action is in the form as CloudFormation's is.
    const isIdentity = service === "sts" && form.get("Action") === "GetCallerIdentity";
    const refuse = (status: number, code: string, message: string) => refusal(service, status, code, message);
    if (key !== KEY.id)
      return refuse(403, "InvalidClientTokenId", "The security token included in the request is invalid.");
    if (region !== REGION) return refuse(400, "ValidationError", `the fake is in ${REGION}, not in ${region}`);
    if (isIdentity) return xml(IDENTITY);
    const name = form.get("StackName") ?? decodeURIComponent(request.path.split("/")[2] ?? "");
    if (denied.has(`${service}:${action}`)) {
      const resource =
        service === "cloudformation"
          ? `stack/${name}/*`
          : service === "ssm"
            ? "parameter/*"
            : service === "lambda" || service === "cloudwatch"
              ? "*"
              : `schedule/default/${name}`;
      const words =
        `User: arn:aws:iam::111122223333:user/ann is not authorized to perform: ${service}:${action} on resource: ` +
        `arn:aws:${service}${ARN}${resource} because no identity-based policy allows the ${service}:${action} action`;
      return refuse(
        service === "cloudformation" || service === "lambda" ? 403 : 400,
        service === "cloudformation" ? "AccessDenied" : "AccessDeniedException",
        words,
      );
    }
    if (service === "cloudformation" && action === "DescribeStacks" && form.get("Version") === "2010-05-15") {
      const stack = stacks.get(name);
      return stack
        ? xml(stackXml(name, stack))
        : refuse(400, "ValidationError", `Stack with id ${name} does not exist`);
    }
    if (service === "scheduler" && request.method === "GET" && request.path.startsWith("/schedules/")) {
      const State = schedules.get(name);
      return State
        ? json(200, { Name: name, GroupName: "default", State })
        : refuse(404, "ResourceNotFoundException", `Schedule ${name} does not exist.`);
    }
    if (service === "lambda") return lambdaAnswer(action, request, mappings, account, reserved);
    if (service === "cloudwatch" && target === "GraniteServiceVersion20100801.GetMetricData") {
      const answer = answerMetricData(request.body, metrics, untold, Date.now());
      if ("refused" in answer) return refuse(400, "InvalidParameterValueException", answer.refused);
      return json(200, answer.result);
    }
    if (service === "cloudwatch" && target === "GraniteServiceVersion20100801.DescribeAlarms") {
      return json(200, alarmsPage(alarms, JSON.parse(request.body)));
    }
    if (service === "ssm") return parametersAnswer(action, JSON.parse(request.body), parameters);
    return refuse(400, "InvalidAction", `the fake has no ${service}:${action}`);
  };
  return {
    ...(await startFaultServer(accept)),
    stacks,
    schedules,
    mappings,
    account,
    reserved,
    parameters,
    metrics,
    alarms,
    untold,
    denied,
  };
}

/** Mappings of one page; a real one has up to 100. */
const PAGE = 2;

function alarmsPage(all: AwsFake["alarms"], { AlarmNamePrefix, NextToken }: Record<string, unknown>): object {
  const own = [...all].filter(([name]) => name.startsWith(String(AlarmNamePrefix)));
  const start = Number(NextToken ?? 0);
  const MetricAlarms = own.slice(start, start + PAGE).map(([AlarmName, { state, text }]) => ({
    ...{ AlarmName, AlarmDescription: text, StateValue: state, StateTransitionedTimestamp: 1_772_445_600 },
  }));
  return { MetricAlarms, ...(start + PAGE < own.length ? { NextToken: String(start + PAGE) } : {}) };
}

/** Of the concurrency that is reserved for a function: its name. */
const RESERVED_PATH = /^\/2019-09-30\/functions\/([^/]+)\/concurrency$/;

function lambdaAction({ method, path }: SeenRequest): string {
  const { pathname } = new URL(path, "http://lambda");
  if (method === "GET" && pathname === "/2016-08-19/account-settings") return "GetAccountSettings";
  if (method === "GET" && pathname === "/2015-03-31/event-source-mappings") return "ListEventSourceMappings";
  if (method === "GET" && RESERVED_PATH.test(pathname)) return "GetFunctionConcurrency";
  return `${method} ${pathname}`;
}

function lambdaAnswer(
  action: unknown,
  { path }: SeenRequest,
  mappings: AwsFake["mappings"],
  AccountLimit: AwsFake["account"],
  reserved: AwsFake["reserved"],
): Answer {
  if (action === "GetAccountSettings") return json(200, { AccountLimit, AccountUsage: { FunctionCount: 4 } });
  if (action === "GetFunctionConcurrency") {
    const ReservedConcurrentExecutions = reserved.get(RESERVED_PATH.exec(path)?.[1] ?? "");
    return json(200, ReservedConcurrentExecutions === undefined ? {} : { ReservedConcurrentExecutions });
  }
  if (action !== "ListEventSourceMappings") return refusal("lambda", 400, "InvalidAction", `the fake has no ${action}`);
  const { searchParams } = new URL(path, "http://lambda");
  const [name, marker] = ["FunctionName", "Marker"].map((key) => searchParams.get(key));
  if ([...searchParams.keys()].some((key) => key !== "FunctionName" && key !== "Marker"))
    return refusal("lambda", 400, "InvalidParameterValueException", `the fake does not know ${searchParams}`);
  const all = [...mappings].filter(([, { functionName }]) => functionName === name);
  const start = Number(marker ?? 0);
  const EventSourceMappings = all.slice(start, start + PAGE).map(([UUID, { functionName, ...mapping }]) => ({
    ...{ UUID, FunctionArn: `arn:aws:lambda${ARN}function:${functionName}`, BatchSize: 1, ...mapping },
  }));
  const isMore = start + PAGE < all.length;
  return json(200, { EventSourceMappings, ...(isMore ? { NextMarker: String(start + PAGE) } : {}) });
}

function parametersAnswer(action: unknown, body: Record<string, unknown>, all: ReadonlyMap<string, string>): Answer {
  const names: unknown[] = Array.isArray(body.Names) ? body.Names : [body.Name];
  if (names.length > 10)
    return refusal("ssm", 400, "ValidationException", "Member must have length less than or equal to 10");
  // A SecureString that is not decrypted comes as it is stored; the fake shows a plain String, which comes as it is.
  const found = names.flatMap((Name) => {
    const Value = all.get(String(Name));
    return Value === undefined ? [] : [{ Name, Value, Type: "String" }];
  });
  const InvalidParameters = names.filter((name) => !all.has(String(name)));
  if (action === "GetParameters") return json(200, { Parameters: found, InvalidParameters });
  const [Parameter] = found;
  return Parameter ? json(200, { Parameter }) : refusal("ssm", 400, "ParameterNotFound", "");
}

function stackXml(name: string, { status, outputs }: FakeStack): string {
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  return (
    `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>` +
    `<StackId>arn:aws:cloudformation${ARN}stack/${name}/1</StackId><StackName>${name}</StackName>` +
    `<CreationTime>2026-03-02T10:00:00Z</CreationTime><StackStatus>${status}</StackStatus>` +
    `<Outputs>${members.join("")}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`
  );
}

function refusal(service: string | undefined, status: number, code: string, message: string): Answer {
  if (service !== "cloudformation") return json(status, { __type: code, message, Message: message }, code);
  return {
    ...xml(
      `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type>` +
        `<Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
    ),
    status,
  };
}

const xml = (body: string): Answer => ({ status: 200, headers: { "content-type": "text/xml" }, body });

function json(status: number, body: object, error?: string): Answer {
  const headers = { "content-type": "application/x-amz-json-1.1", ...(error ? { "x-amzn-errortype": error } : {}) };
  return { status, headers, body: JSON.stringify(body) };
}
