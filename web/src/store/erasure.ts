/** A person is gone, and so are their words. */

import type { Id, Message } from "@/api/types";
import { mapChanged } from "@/store/log";
import { emptied } from "@/store/messages";
import { removeContact } from "@/store/people";
import type { ChatLog, State } from "@/store/state";

export function erase(state: State, user: Id): State {
  const logs = Object.fromEntries(Object.entries(state.logs).map(([id, log]) => [id, eraseFrom(log, user)]));
  const chats = Object.fromEntries(
    Object.entries(state.chats).map(([id, chat]) => {
      const last = chat.last_message && without(chat.last_message, user);
      return [id, last === chat.last_message ? chat : { ...chat, last_message: last }];
    }),
  );
  const held = state.users[user];
  const users = held ? { ...state.users, [user]: { ...held, name: "Deleted account", avatar_url: null } } : state.users;
  return removeContact({ ...state, logs, chats, users }, user);
}

function eraseFrom(log: ChatLog, user: Id): ChatLog {
  const messages = mapChanged(log.messages, (message) => without(message, user));
  return messages === log.messages ? log : { ...log, messages };
}

/** What a person said is taken out of a message, also where it only quotes them. */
function without(message: Message, user: Id): Message {
  if (message.sender === user) return message.deleted_at && message.text === null && !message.content ? message : emptied(message);
  const quote = message.reply_to;
  return quote?.sender === user && quote.text !== null ? { ...message, reply_to: { ...quote, text: null } } : message;
}
