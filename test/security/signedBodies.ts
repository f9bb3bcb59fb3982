export const HTTP_BODY = {
  conversation: '"ann"',
  "user.id": '"ann"',
  "user.name": '"Ann"',
  text: '"hello"',
  role: '"user"',
  sentAt: String(Date.now()),
  chatType: '"group"',
  origin: '"chat"',
};

export const UPDATE = {
  update_id: "10000",
  "message.message_id": "1365",
  "message.date": String(Math.floor(Date.now() / 1000)),
  "message.from.id": "4711",
  "message.from.is_bot": "false",
  "message.from.first_name": '"Ana"',
  "message.chat.id": "-4711",
  "message.chat.type": '"supergroup"',
  "message.is_topic_message": "true",
  "message.message_thread_id": "77",
  "message.text": '"hello"',
  "message.entities": '[{"type":"bot_command","offset":0}]',
};
