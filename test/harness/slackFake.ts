import { answerCall, statusAnswer } from "../../emulators/platforms/slack/answerCall.ts";
import { SlackWorkspace } from "../../emulators/platforms/slack/SlackWorkspace.ts";
import { type FaultServer, startFaultServer } from "../../lib/adapter/testing/faultServer.ts";

export interface SlackFake extends FaultServer {
  readonly token: string;
  /** The Web API's address, for `apiBase`. */
  readonly apiBase: string;
  readonly workspace: SlackWorkspace;
  /** The texts that stand in channels, and those that slash commands were answered with, in order. */
  texts(): readonly string[];
}

/** The simulator of Slack behind a server whose failures are scripted. */
export async function startSlackFake(options: { readonly token?: string } = {}): Promise<SlackFake> {
  const token = options.token ?? "xoxb-123-456-TESTtokenOfTheFake";
  const workspace = new SlackWorkspace(() => Date.now());
  const server = await startFaultServer((request) => answerCall(workspace, token, request), statusAnswer);
  return {
    ...server,
    token,
    apiBase: `${server.url}/api`,
    workspace,
    texts: () => [...workspace.messages, ...workspace.responses].map(({ text }) => text),
  };
}
