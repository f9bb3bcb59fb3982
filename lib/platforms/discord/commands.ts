/** The command whose text is what the user says to the agent. */
export const ASK = "ask";

const TEXT = 3;
const FILE = 11;

/** The most of a text option, characters, which is also Discord's own. */
const MOST_TEXT = 6_000;

/**
 * The commands as Discord shows them. Where they are offered, in servers, in direct messages, to whoever installed the app
 * for themselves, is what the application's installation says.
 * https://discord.com/developers/docs/interactions/application-commands#bulk-overwrite-global-application-commands
 */
export const REGISTERED = [
  {
    name: ASK,
    description: "Say something to me",
    options: [
      { type: TEXT, name: "text", description: "What you want to say", required: true, max_length: MOST_TEXT },
      { type: FILE, name: "file", description: "A file that belongs to it" },
    ],
  },
  {
    name: "new",
    description: "Begin a new conversation",
    options: [{ type: TEXT, name: "text", description: "Its first message", max_length: MOST_TEXT }],
  },
  { name: "reset", description: "End this conversation; what is worth keeping is remembered" },
  { name: "retry", description: "Answer your last message anew" },
  {
    name: "memory",
    description: "Say whether I remember what you write, or change it",
    options: [
      {
        type: TEXT,
        name: "state",
        description: "Leave it out to see how it is now",
        choices: [
          { name: "on", value: "on" },
          { name: "off", value: "off" },
        ],
      },
    ],
  },
  { name: "status", description: "Tell how this conversation stands" },
  { name: "help", description: "Tell what I know to do" },
  // In a message's own menu, under "Apps". Its name is what the agent is asked about that message.
  { type: 3, name: "Explain this" },
];
