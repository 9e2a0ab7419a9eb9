import * as groupsApi from "@/api/groups";
import type { Id, JoinRequest, Role } from "@/api/types";
import { newClientId } from "@/lib/ids";
import { untilDecoded } from "@/media/decoded";
import type { Store } from "@/store/store";

/** Groups: making one, changing it, who is in it. Rejects with ApiError or NetworkError. */
export class Groups {
  private readonly loads = new Map<Id, Promise<void>>();

  constructor(private readonly store: Store) {}

  async create(name: string, members: Id[], clientId = newClientId()): Promise<Id> {
    const chat = await groupsApi.createGroup(name, members, clientId);
    this.store.dispatch({ event: "local:chat", data: { chat } });
    return chat.id;
  }

  /** Changes what all members share. */
  async change(chat: Id, changes: groupsApi.Shared): Promise<void> {
    this.store.dispatch({ event: "local:chat", data: { chat: await groupsApi.changeChat(chat, changes) } });
  }

  /** Gives a group a picture, or takes it away. */
  async setPhoto(chat: Id, picture: Blob | null): Promise<void> {
    if (!picture) {
      await groupsApi.dropAvatar(chat);
      const held = this.store.getState().chats[chat];
      if (held) this.store.dispatch({ event: "local:chat", data: { chat: { ...held, avatar_url: null } } });
      return;
    }
    const answer = await groupsApi.setAvatar(chat, picture);
    await untilDecoded(answer.avatar_url);
    this.store.dispatch({ event: "local:chat", data: { chat: answer } });
  }

  /** Reads who is in a group; callers share one request. */
  loadMembers(chat: Id): Promise<void> {
    const underWay = this.loads.get(chat);
    if (underWay) return underWay;
    const load = this.readMembers(chat).finally(() => this.loads.delete(chat));
    this.loads.set(chat, load);
    return load;
  }

  private async readMembers(chat: Id): Promise<void> {
    const at = this.store.getState().logs[chat]?.head ?? 0;
    const { results, users } = await groupsApi.listMembers(chat);
    this.store.dispatch({ event: "local:members", data: { chat, rows: results, at, users } });
  }

  /** Reads who waits to be let in. */
  async loadJoinRequests(chat: Id): Promise<void> {
    const { results, users } = await groupsApi.listJoinRequests(chat);
    this.store.dispatch({ event: "local:join-requests", data: { chat, rows: results, users } });
  }

  async answer(request: JoinRequest, how: "approve" | "reject"): Promise<void> {
    await groupsApi.answerJoinRequest(request.chat, request.id, how);
    const status = how === "approve" ? "approved" : "rejected";
    this.store.dispatch({ event: "join:decided", data: { request: { ...request, status } } });
  }

  async add(chat: Id, users: Id[]): Promise<void> {
    await groupsApi.addMembers(chat, users);
  }

  async remove(chat: Id, user: Id): Promise<void> {
    await groupsApi.removeMember(chat, user);
  }

  async setRole(chat: Id, user: Id, role: Role): Promise<void> {
    await groupsApi.setRole(chat, user, role);
  }

  /** Leaves a group; there is no such chat from then on. */
  async leave(chat: Id): Promise<void> {
    const { me } = this.store.getState();
    if (!me) return;
    await groupsApi.removeMember(chat, me.id);
    this.store.dispatch({ event: "local:chat-missing", data: { chat } });
  }

  /** Goes in by an invite; null where an admin has to agree first. */
  async join(token: string): Promise<Id | null> {
    const answer = await groupsApi.join(token);
    if (!("id" in answer)) return null;
    this.store.dispatch({ event: "local:chat", data: { chat: answer } });
    return answer.id;
  }
}
