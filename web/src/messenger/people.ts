import * as chatsApi from "@/api/chats";
import * as connectionsApi from "@/api/connections";
import type { Id, Profile } from "@/api/types";
import * as usersApi from "@/api/users";
import { untilDecoded } from "@/media/decoded";
import { peerOf } from "@/store/selectors";
import type { State } from "@/store/state";
import type { Store } from "@/store/store";

/** Contacts, requests to connect, and my own profile. Rejects with ApiError or NetworkError. */
export class People {
  constructor(private readonly store: Store) {}

  /** The direct chat with a contact, found or made. */
  async chatWith(user: Id): Promise<Id> {
    const known = Object.values(this.store.getState().chats).find((chat) => peerOf(chat) === user);
    if (known) return known.id;
    const chat = await chatsApi.openDirect(user);
    this.store.dispatch({ event: "local:chat", data: { chat } });
    return chat.id;
  }

  /** Asks the owner of a QR code to connect; answers who that is. */
  async scan(token: string): Promise<Id> {
    const { users, ...request } = await connectionsApi.scan(token);
    this.store.dispatch({ event: "local:request", data: { request, users } });
    return request.to;
  }

  async accept(request: Id): Promise<void> {
    this.settleRequest(request, await connectionsApi.acceptRequest(request));
  }

  async reject(request: Id): Promise<void> {
    this.settleRequest(request, await connectionsApi.rejectRequest(request));
  }

  async withdraw(request: Id): Promise<void> {
    await connectionsApi.withdrawRequest(request);
    const held = this.store.getState().requests[request];
    if (held) this.settleRequest(request, { ...held, status: "withdrawn" });
  }

  private settleRequest(id: Id, request: State["requests"][Id]): void {
    const held = this.store.getState().requests[id];
    if (held) this.store.dispatch({ event: "local:request", data: { request: { ...held, ...request } } });
  }

  async removeContact(user: Id): Promise<void> {
    await connectionsApi.removeContact(user);
    this.store.dispatch({ event: "connection:removed", data: { user } });
  }

  async block(user: Id): Promise<void> {
    await connectionsApi.block(user);
    this.store.dispatch({ event: "connection:removed", data: { user } });
  }

  async updateMe(changes: Parameters<typeof usersApi.updateMe>[0]): Promise<void> {
    this.takeMe(await usersApi.updateMe(changes));
  }

  /** Gives me a picture, or takes it away. */
  async setPhoto(picture: Blob | null): Promise<void> {
    if (picture) {
      const me = await usersApi.setAvatar(picture);
      await untilDecoded(me.avatar_url);
      this.takeMe(me);
      return;
    }
    await usersApi.dropAvatar();
    const { me } = this.store.getState();
    if (me) this.takeMe({ ...me, avatar_url: null });
  }

  async updatePrivacy(changes: Parameters<typeof usersApi.updatePrivacy>[0]): Promise<void> {
    const privacy = await usersApi.updatePrivacy(changes);
    const { me } = this.store.getState();
    if (me) this.takeMe({ ...me, privacy: { ...me.privacy, ...privacy } });
  }

  /** Takes over the profile as the server has it. */
  takeMe(me: Profile): void {
    this.store.dispatch({ event: "local:me", data: { me } });
  }
}
