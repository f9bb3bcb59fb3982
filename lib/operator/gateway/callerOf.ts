import { hostname, userInfo } from "node:os";
import type { HttpClient } from "../../adapter/http/HttpClient.ts";
import { signPost } from "../../runtime/aws/signPost.ts";
import { CommandFailed } from "../CommandFailed.ts";
import type { Address, Surroundings } from "./address.ts";

const BODY = "Action=GetCallerIdentity&Version=2011-06-15";
const TYPE = "application/x-www-form-urlencoded; charset=utf-8";

/** The most that AWS may take to answer, milliseconds. */
const TIMEOUT = 10_000;

/**
 * Who acts, for the audit log: of a deployed gateway the ARN of the AWS caller, of one on this machine its user.
 *
 * @throws CommandFailed when AWS does not say
 */
export async function callerOf(
  { deployment }: Pick<Address, "deployment">,
  { env, clock }: Surroundings,
  http: HttpClient,
): Promise<string> {
  if (!deployment) return `${userInfo().username}@${hostname()}`;
  const { region, credentials } = deployment.settings;
  const url = env.AWS_ENDPOINT_URL_STS || `https://sts.${region}.amazonaws.com`;
  // No client of STS is needed for the one call.
  const identity = typeof credentials === "function" ? await credentials() : credentials;
  const post = { url, headers: { "content-type": TYPE }, body: BODY };
  const headers = signPost(post, { service: "sts", region, credentials: identity }, clock.now());
  const { status, text } = await http.send({ url, method: "POST", headers, body: BODY, timeout: TIMEOUT });
  const arn = /<Arn>([^<]{1,2048})<\/Arn>/.exec(text)?.[1];
  if (status === 200 && arn !== undefined) return arn;
  throw new CommandFailed(
    `AWS does not say who you are (STS answered ${status}), and what operators do is written down`,
  );
}
