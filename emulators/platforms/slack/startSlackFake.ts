import { type FaultServer, startFaultServer } from "../../../lib/adapter/testing/faultServer.ts";
import { answerCall, statusAnswer } from "./answerCall.ts";
import { SlackWorkspace } from "./SlackWorkspace.ts";

export interface SlackFake extends FaultServer {
  readonly token: string;
  /** The Web API's address, for `apiBase`. */
  readonly apiBase: string;
  readonly workspace: SlackWorkspace;
  /** The texts that stand in channels, and those that slash commands were answered with, in order. */
  texts(): readonly string[];
}

/**
 * The part of Slack's Web API that is used, strict, behind a server whose failures are scripted.
 *
 * @param options `path`: where the API stands at its host
 */
export async function startSlackFake(
  options: { readonly token?: string; readonly path?: string } = {},
): Promise<SlackFake> {
  const { token = "xoxb-123-456-TESTtokenOfTheFake", path = "/api" } = options;
  const workspace = new SlackWorkspace(() => Date.now());
  const server = await startFaultServer((request) => answerCall(workspace, { token, path }, request), statusAnswer);
  return {
    ...server,
    token,
    apiBase: `${server.url}${path}`,
    workspace,
    texts: () => [...workspace.messages, ...workspace.responses].map(({ text }) => text),
  };
}
