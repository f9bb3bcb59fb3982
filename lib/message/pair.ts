import { mayTalk } from "../config/admission.ts";
import type { InboundJob } from "../domain/InboundJob.ts";
import { sha256 } from "../domain/ids.ts";
import type { Person } from "../domain/Message.ts";
import type { Services } from "../services/Services.ts";
import { askPairing, isPaired } from "../store/pairings.ts";
import { kindOf } from "./askAgent.ts";
import { dismiss } from "./dismiss.ts";

/** How much of a new id's random part makes a code: a person reads it out. */
const CODE_LENGTH = 8;

/**
 * Whether whoever wrote a message may talk. Somebody whom neither the config nor an operator has let in is told a code in
 * a direct chat, at most once a day; what they wrote makes no turn and starts no session.
 */
export async function isLetIn(services: Services, job: InboundJob): Promise<boolean> {
  const { user } = job.message;
  const may = mayTalk(services.config, job.platform, job.message);
  if (may === "yes" || (may === "ask" && user && (await isPaired(services.table, job.platform, user.id)))) return true;
  const isTold = may === "ask" && user && job.message.chat.type === "dm" && (await tellCode(services, job, user));
  if (!isTold) await dismiss(services, job.platform, job.message.replyTo);
  services.log.info("message.refused", { platform: job.platform });
  return false;
}

/**
 * Noted before it is sent, so that nobody is told twice a day; one that does not arrive is found by `vesper pair ls`. Answers
 * whether it was told now.
 */
async function tellCode(services: Services, { platform: name, message }: InboundJob, user: Person): Promise<boolean> {
  const { table, clock, log } = services;
  const code = services.newId().slice(-CODE_LENGTH);
  if (!(await askPairing(table, name, user, code, clock.now()))) return false;
  const platform = services.platform(name);
  const text = `I don't know you yet. Tell this code to whoever runs me, and write again once they have let you in: ${code}`;
  const { replyTo, messageId: inReplyTo } = message;
  const key = sha256(`${name}|${user.id}|${code}`).toString("hex");
  try {
    await platform?.send({ text, index: 0, isLast: true, replyTo, key, session: "", conversation: "", inReplyTo });
  } catch (error) {
    log.warn("pairing.untold", { platform: name, kind: kindOf(error) });
  }
  return true;
}
