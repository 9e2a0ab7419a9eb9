import type { Id } from "@/api/types";
import type { ServerEvent } from "@/socket/protocol";
import { putCall } from "@/store/calls";
import { clearChat, meet, mergeChat, receive, recount, resetChat, skipTo, summarise, updateMessage } from "@/store/chats";
import { compose, setDraft, tellDraft } from "@/store/drafts";
import { erase } from "@/store/erasure";
import type { StoreEvent } from "@/store/events";
import { expireMessages } from "@/store/expiry";
import { putJoinRequest, setJoinRequests } from "@/store/joining";
import { addPage, hideMessages, patchMessage, resetLog } from "@/store/log";
import { markChange, raiseMark, setMembers } from "@/store/marks";
import { changeFile, setProgress, takeMedium } from "@/store/media";
import { withMyVotes } from "@/store/messages";
import { addNotices, dropNotice, dropNoticesBy, markNoticesRead, putNotice, setNotices } from "@/store/notices";
import { changePending, messageOf, retryPending, settle } from "@/store/pending";
import { mergeUsers, removeContact, renameUser, setContacts, setPresence, setRequest, setRequests, takeMe } from "@/store/people";
import { dropScheduled, putScheduled, setScheduled } from "@/store/scheduled";
import { emptyState, without, type ChatLog, type State } from "@/store/state";
import { addView, dropStatus, dropStatusesOf, expireStatuses, markViewed, putStatus, setStatuses, setViews } from "@/store/statuses";
import { expireTyping, setTyping } from "@/store/typing";

/** So many events may wait for their turn in one log; a sync brings the rest. */
const EARLY_MAX = 500;

/**
 * The one way to change the state. Pure but for the clock it is given; the same event twice changes
 * nothing more, an old one changes nothing, one that comes too early waits for those before it.
 */
export function apply(state: State, event: StoreEvent, now = Date.now()): State {
  switch (event.event) {
    case "local:restored":
      return { ...state, ...event.data };
    case "local:connection":
      return { ...state, connection: event.data.connection };
    case "local:updating":
      return { ...state, isUpdating: event.data.isUpdating };
    case "local:afresh":
      return startAfresh(state, event.data);
    case "local:sync":
      return takeSync(state, event.data, now);
    case "local:me":
      return takeMe(state, event.data.me, event.data.held);
    case "local:users":
      return mergeUsers(state, event.data.users);
    case "local:user":
      return mergeUsers(state, { [event.data.user.id]: event.data.user });
    case "local:chat":
      return takeChat(state, event.data, now);
    case "local:chat-missing":
      return removeChat(state, event.data.chat);
    case "local:page":
      return takePage(state, event.data);
    case "local:contacts":
      return mergeUsers(setContacts(state, event.data.results), event.data.users);
    case "local:request":
      return mergeUsers(setRequest(state, event.data.request), event.data.users);
    case "local:presence":
      return event.data.reduce(
        (next, row) => setPresence(next, row.user, { online: row.online, lastSeen: row.last_seen }),
        state,
      );
    case "local:queued":
      return { ...state, outbox: [...state.outbox, event.data.pending] };
    case "local:sent":
      return takeSent(state, event.data.sent, now);
    case "local:failed":
      return changePending(state, event.data.clientId, { state: "failed", error: event.data.code });
    case "local:retried":
      return retryPending(state, event.data.clientId);
    case "local:discarded":
      return { ...state, outbox: state.outbox.filter((entry) => entry.clientId !== event.data.clientId) };
    case "local:file":
      return changeFile(state, event.data.clientId, event.data.key, event.data.changes);
    case "local:progress":
      return setProgress(state, event.data.of, event.data.part);
    case "local:medium":
      return takeMedium(state, event.data.media);
    case "local:draft":
      return setDraft(state, event.data.chat, event.data.text);
    case "local:draft-told":
      return tellDraft(state, event.data.chat, event.data.text);
    case "local:join-requests":
      return mergeUsers(setJoinRequests(state, event.data.chat, event.data.rows), event.data.users);
    case "local:scheduled":
      return setScheduled(state, event.data.chat, event.data.rows);
    case "local:compose":
      return compose(state, event.data.chat, event.data.composing);
    case "local:jump":
      return { ...state, jump: event.data };
    case "local:jumped":
      return state.jump === event.data ? { ...state, jump: null } : state;
    case "local:members":
      return mergeUsers(setMembers(state, event.data), event.data.users);
    case "local:voted": {
      const { message } = event.data;
      return patch(state, message.chat, message.seq, (held) => withMyVotes(held, message));
    }
    case "local:call":
      return mergeUsers(putCall(state, event.data.call), event.data.users);
    case "local:statuses":
      return mergeUsers(setStatuses(state, event.data.rows, event.data.asked), event.data.users);
    case "local:statuses-mode":
      return { ...state, statuses: { ...emptyState.statuses, mode: event.data.mode } };
    case "local:status":
      return putStatus(state, event.data.status);
    case "local:status-viewed":
      return markViewed(state, event.data.id);
    case "local:status-views":
      return mergeUsers(setViews(state, event.data.id, event.data.views, event.data.isComplete), event.data.users);
    case "local:notices": {
      const { rows, next, asked, users } = event.data;
      const more = asked === undefined ? addNotices(state, rows, next) : setNotices(state, rows, next, asked);
      return mergeUsers(more, users, asked);
    }
    case "local:warned":
      return { ...state, warnings: state.warnings.slice(1) };
    case "local:tick":
      return expireStatuses(expireMessages(expireTyping(state, now), now), now);
    default:
      return applyPush(state, event, now);
  }
}

/** A push: put into its turn where it has one. */
function applyPush(state: State, event: ServerEvent, now: number): State {
  const position = (event.data as { position?: unknown }).position;
  // Whom it names is called so as of its turn.
  if (typeof position === "number") return applyInPersonal(state, position, event, now);
  const named = mergeUsers(state, event.data.users);
  const place = placeInChat(event);
  return place ? applyInChat(named, place.chat, place.seq, event, now) : perform(named, event, now);
}

/** The chat and seq an event holds in a chat's log, if it holds one. */
function placeInChat(event: ServerEvent): { chat: Id; seq: number } | null {
  if (event.event === "chat:receive") return { chat: event.data.message.chat, seq: event.data.message.seq };
  if (event.event === "message:updated") return { chat: event.data.chat, seq: event.data.seq };
  return null;
}

function applyInChat(state: State, chat: Id, seq: number, event: ServerEvent, now: number): State {
  const log = state.logs[chat];
  if (!log) return { ...state, unknown: { ...state.unknown, [chat]: true } };
  // A repeat may still settle an own message that waits for its place.
  if (seq <= log.head) return event.event === "chat:receive" ? settle(state, event.data.message) : state;
  if (seq > log.head + 1) {
    if (Object.keys(log.early).length >= EARLY_MAX) return state;
    return setLog(state, chat, { ...log, early: { ...log.early, [seq]: event } });
  }
  const next = perform(state, event, now);
  return drainChat(advance(next, chat, seq), chat, now);
}

/** The log of a chat has been followed up to `seq`. */
function advance(state: State, chat: Id, seq: number): State {
  const log = state.logs[chat];
  return log ? recount(setLog(state, chat, { ...log, head: seq }), chat) : state;
}

/** Applies what had come early, as far as it now follows. */
function drainChat(state: State, chat: Id, now: number): State {
  const log = state.logs[chat];
  if (!log) return state;
  const kept = Object.entries(log.early).filter(([seq]) => Number(seq) > log.head);
  if (kept.length === 0 && Object.keys(log.early).length === 0) return state;
  const { [log.head + 1]: next, ...early } = Object.fromEntries(kept) as Record<number, ServerEvent>;
  const drained = setLog(state, chat, { ...log, early });
  return next ? applyInChat(drained, chat, log.head + 1, next, now) : drained;
}

function applyInPersonal(state: State, position: number, event: ServerEvent, now: number): State {
  const place = state.place;
  if (!place || position <= place.position) return state;
  if (position > place.position + 1) {
    if (Object.keys(state.early).length >= EARLY_MAX) return state;
    return { ...state, early: { ...state.early, [position]: event } };
  }
  const performed = perform(mergeUsers(state, event.data.users), event, now);
  return drainPersonal({ ...performed, place: { ...place, position } }, now);
}

function drainPersonal(state: State, now: number): State {
  const position = state.place?.position ?? 0;
  const kept = Object.entries(state.early).filter(([at]) => Number(at) > position);
  if (kept.length === 0 && Object.keys(state.early).length === 0) return state;
  const { [position + 1]: next, ...early } = Object.fromEntries(kept) as Record<number, ServerEvent>;
  const drained = { ...state, early };
  return next ? applyInPersonal(drained, position + 1, next, now) : drained;
}

/** What an event means, its turn having come. */
function perform(state: State, event: ServerEvent, now: number): State {
  switch (event.event) {
    case "chat:receive": {
      const { message, chat } = event.data;
      const received = markChange(settle(receive(state, message), message), message);
      return chat ? mergeChat(received, chat) : received;
    }
    case "message:updated":
      return updateMessage(state, event.data);
    case "message:hidden": {
      const log = state.logs[event.data.chat];
      if (!log) return state;
      const followed = skipTo(state, event.data.chat, event.data.message_seq);
      const next = setLog(followed, event.data.chat, hideMessages(followed.logs[event.data.chat] ?? log, event.data.message_seq));
      return recount(summarise(next, event.data.chat), event.data.chat, true);
    }
    case "message:starred": {
      const { chat, message_seq, starred } = event.data;
      return patch(state, chat, message_seq, (held) => ({ ...held, starred }));
    }
    case "media:updated":
      return takeMedium(state, event.data.media);
    case "join:request":
    case "join:decided":
      return putJoinRequest(state, event.data.request);
    case "scheduled:updated":
      return putScheduled(state, event.data.scheduled);
    case "scheduled:removed":
      return dropScheduled(state, event.data.chat, event.data.id);
    case "chat:cleared":
      return clearChat(state, event.data);
    case "message:delivered":
      return raiseMark(state, event.data, "delivered");
    case "message:seen":
      return raiseMark(state, event.data, "seen");
    case "chat:typing":
      return event.data.user === state.me?.id ? state : setTyping(state, event.data, now);
    case "chat:new":
    case "chat:updated":
      return mergeChat(state, event.data.chat);
    case "chat:removed":
      return removeChat(state, event.data.chat);
    case "user:online":
      return setPresence(state, event.data.user, { online: true, lastSeen: state.presence[event.data.user]?.lastSeen ?? null });
    case "user:offline":
      return setPresence(state, event.data.user, { online: false, lastSeen: event.data.last_seen });
    case "user:updated":
      return renameUser(state, event.data);
    case "user:erased":
      return dropNoticesBy(dropStatusesOf(erase(state, event.data.user), event.data.user), event.data.user);
    case "connection:request":
    case "connection:accepted":
    case "connection:rejected":
      return setRequest(state, event.data.request);
    case "connection:removed":
      return dropStatusesOf(removeContact(state, event.data.user), event.data.user);
    case "call:new":
    case "call:updated":
      return putCall(state, event.data.call);
    case "status:new":
      return putStatus(state, event.data.status);
    case "status:deleted":
      return dropStatus(state, event.data.status);
    case "status:view":
      return addView(state, event.data.status, { user: event.data.user, at: event.data.at });
    case "notification:new":
      return putNotice(meet(state, event.data.notification.by), event.data.notification);
    case "notification:read":
      return markNoticesRead(state, event.data.notifications, event.data.read_at);
    case "notification:removed":
      return dropNotice(state, event.data.notification);
    case "moderation:warning":
      return { ...state, warnings: [...state.warnings, event.data.text] };
    case "export:updated":
      return { ...state, export: event.data.export };
    case "badge":
      return { ...state, badge: event.data.unread };
    default:
      // A newer server's event: not for this client.
      return state;
  }
}

/**
 * The server has committed a message of mine. This socket gets no `chat:receive` for it, so one is
 * made from what was sent, and takes its turn like everyone's.
 */
function takeSent(state: State, sent: Extract<StoreEvent, { event: "local:sent" }>["data"]["sent"], now: number): State {
  const entry = state.outbox.find((pending) => pending.clientId === sent.client_id);
  if (!entry || !state.me) return state;
  const message = messageOf(state, entry, sent);
  const marked = changePending(state, sent.client_id, { state: "sent", error: null });
  return applyInChat(marked, sent.chat, sent.seq, { event: "chat:receive", data: { message } }, now);
}

function takeSync(state: State, answer: Extract<StoreEvent, { event: "local:sync" }>["data"], now: number): State {
  let next = mergeUsers(state, answer.users, answer.position);
  for (const event of answer.events) next = applySynced(next, event, now);
  for (const chat of answer.gone) next = removeChat(next, chat);
  const reset = new Set(answer.reset);
  for (const [chat, head] of Object.entries(answer.heads)) {
    const log = next.logs[chat];
    const wasKnown = chat in state.logs;
    if (reset.has(chat)) {
      next = resetChat(next, chat, head);
    } else if (log && head > log.head) {
      // What lies between is not for me in a chat I named; in one I did not name it was not sent.
      next = wasKnown ? advance(next, chat, head) : setLog(next, chat, resetLog(log, head));
    }
    next = drainChat(next, chat, now);
  }
  const position = Math.max(answer.position, next.place?.position ?? 0);
  next = { ...next, unknown: {}, place: { position, marks: answer.marks, epoch: answer.epoch } };
  return drainPersonal(next, now);
}

/** An event out of a sync answer: it may skip what is not for me, so it need not follow the last. */
function applySynced(state: State, event: ServerEvent, now: number): State {
  const place = placeInChat(event);
  if (!place) {
    const position = (event.data as { position?: unknown }).position;
    const old = typeof position === "number" && position <= (state.place?.position ?? 0);
    // Whom it names the answer itself has named, as they are now.
    return old ? state : perform(state, event, now);
  }
  const log = state.logs[place.chat];
  if (!log || place.seq <= log.head) return applyInChat(state, place.chat, place.seq, event, now);
  const next = perform(state, event, now);
  return advance(next, place.chat, place.seq);
}

/** Whether an answer about a chat was asked for before it was taken from me. */
function isOutlived(state: State, chat: Id, asked: number | undefined): boolean {
  return asked !== undefined && asked <= (state.removed[chat] ?? -1);
}

/** The answer of a chat that was asked for. What I have set for myself stays if it may have changed meanwhile. */
function takeChat(state: State, data: Extract<StoreEvent, { event: "local:chat" }>["data"], now: number): State {
  if (isOutlived(state, data.chat.id, data.asked)) return state;
  const hasMoved = data.asked !== undefined && data.asked !== state.place?.position;
  return drainChat(mergeChat(mergeUsers(state, data.chat.users, data.asked), data.chat, hasMoved), data.chat.id, now);
}

function takePage(state: State, data: Extract<StoreEvent, { event: "local:page" }>["data"]): State {
  const log = state.logs[data.chat];
  if (!log || isOutlived(state, data.chat, data.asked)) return state;
  const next = setLog(mergeUsers(state, data.page.users, data.asked), data.chat, addPage(log, data.page, data.before, data.doubt ?? 0, state.me?.id));
  const settled = data.page.results.reduce<State>((held, message) => meet(settle(held, message), message.sender), next);
  return recount(settled, data.chat);
}

function startAfresh(state: State, data: Extract<StoreEvent, { event: "local:afresh" }>["data"]): State {
  const clean: State = {
    ...emptyState,
    me: state.me,
    connection: state.connection,
    users: state.users,
    outbox: state.outbox,
    progress: state.progress,
    drafts: state.drafts,
    composing: state.composing,
    presence: state.presence,
    calls: state.calls,
    statuses: state.statuses,
    warnings: state.warnings,
    badge: state.badge,
    place: data.place,
  };
  const withPeople = setRequests(setContacts(mergeUsers(clean, data.users), data.contacts), data.requests);
  return data.chats.reduce<State>((next, chat) => mergeChat(next, chat), withPeople);
}

function removeChat(state: State, chat: Id): State {
  return {
    ...state,
    removed: { ...state.removed, [chat]: state.place?.position ?? 0 },
    chats: without(state.chats, chat),
    logs: without(state.logs, chat),
    watermarks: without(state.watermarks, chat),
    typing: without(state.typing, chat),
    members: without(state.members, chat),
    drafts: without(state.drafts, chat),
    composing: without(state.composing, chat),
    unknown: without(state.unknown, chat),
    stale: without(state.stale, chat),
    outbox: state.outbox.some((entry) => entry.chat === chat) ? state.outbox.filter((entry) => entry.chat !== chat) : state.outbox,
  };
}

/** Changes what is held of one message. */
function patch(state: State, chat: Id, seq: number, change: Parameters<typeof patchMessage>[2]): State {
  const log = state.logs[chat];
  return log ? setLog(state, chat, patchMessage(log, seq, change)) : state;
}

function setLog(state: State, chat: Id, log: ChatLog): State {
  return { ...state, logs: { ...state.logs, [chat]: log } };
}

/** Something is missing that only a sync can bring. */
export function hasGap(state: State): boolean {
  return (
    Object.keys(state.unknown).length > 0 ||
    Object.keys(state.early).length > 0 ||
    Object.values(state.logs).some((log) => Object.keys(log.early).length > 0)
  );
}
