"""A client in pure Python: what it holds, and how events change it. The law of sync is checked
against it: old state + events = state fetched afresh.
"""

from dataclasses import dataclass, field
from typing import Any

from rest_framework.test import APIClient

from accounts.models import User
from connections.tests.acts import as_

V1 = "/api/v1/"

ADMINS = {"owner", "admin"}


@dataclass
class State:
    """What a client shows. Chats without what only HTTP tells; messages by place."""

    chats: dict[str, dict[str, Any]] = field(default_factory=dict)
    messages: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)
    marks: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    contacts: set[str] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)
    requests: dict[str, dict[str, Any]] = field(default_factory=dict)
    scheduled: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: Open ones, of the groups that the person runs.
    join_requests: dict[str, dict[str, Any]] = field(default_factory=dict)
    notifications: dict[str, dict[str, Any]] = field(default_factory=dict)


def fetch(path: str, client: APIClient) -> Any:
    """The answer of a GET."""
    answer = client.get(f"{V1}{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def as_pushed(message: dict[str, Any]) -> dict[str, Any]:
    """A message without what differs by viewer, and without the time of a deletion: who hears of
    an erasure knows that it was, not when."""
    kept = {name: it for name, it in message.items() if name not in {"status", "starred"}}
    kept["reactions"] = [_without_mine(one) for one in message["reactions"]]
    if message["content"] is not None and "votes" in message["content"]:
        votes = [_without_mine(one) for one in message["content"]["votes"]]
        kept["content"] = {**message["content"], "votes": votes}
    return {**kept, "deleted_at": bool(message["deleted_at"])}


def _without_mine(tally: dict[str, Any]) -> dict[str, Any]:
    return {name: it for name, it in tally.items() if name != "mine"}


class Client:
    """A device of a user's: starts, hears, and syncs."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.http = as_(user)
        self.state = State()
        self.position = 0
        self.marks = self.epoch = ""
        self.heads: dict[str, int] = {}

    def start(self) -> "Client":
        """Fetches everything: the place first, then the lists."""
        place = fetch("sync/", self.http)
        self.position, self.marks, self.epoch = place["position"], place["marks"], place["epoch"]
        self.state, self.heads = fresh_state(self.user), {}
        for chat in all_chats(self.http):
            self.heads[chat["id"]] = chat["head"]
        return self

    def listed(self) -> set[str]:
        """The chats that it shows: those deleted from the list only while they hold a message."""
        chats = self.state.chats.items()
        return {id for id, chat in chats if not chat["me"]["hidden"] or self.state.messages[id]}

    def sync(self) -> None:
        """Asks until there is no more."""
        while True:
            held = {"heads": self.heads, "position": self.position}
            more = {"marks": self.marks, "epoch": self.epoch}
            answer = self.http.post(f"{V1}sync/", held | more, format="json").json()
            if answer["epoch"] != self.epoch:
                self.start()
                return
            for chat_id in answer["gone"]:
                self._forget(chat_id)
            for chat_id in answer["reset"]:
                self.state.messages[chat_id] = _history(chat_id, self.http)
            for event in answer["events"]:
                self.apply(event["event"], event["data"])
            # It takes over the answer's heads as they are: they name all its chats.
            self.heads = dict(answer["heads"])
            self.position, self.marks = answer["position"], answer["marks"]
            if not answer["more"]:
                return

    def hear(self, event: str, data: dict[str, Any]) -> bool:
        """A push; False when it shows that one was lost, so that the client must sync."""
        if "position" in data:
            if data["position"] > self.position + 1:
                return False
            self.position = max(self.position, data["position"])
        if event in {"chat:receive", "message:updated"}:
            place = data["message"] if event == "chat:receive" else data
            if place["chat"] not in self.heads:
                return False
            if place["seq"] > self.heads[place["chat"]] + 1:
                return False
        self.apply(event, data)
        return True

    def apply(self, event: str, data: dict[str, Any]) -> None:
        """The one way in which state changes; repeats are harmless."""
        APPLY[event](self, data)

    def _forget(self, chat_id: str) -> None:
        for kept in (self.state.chats, self.state.messages, self.state.marks, self.heads):
            kept.pop(chat_id, None)
        self._forget_join_requests(chat_id)

    def chat_new(self, data: dict[str, Any]) -> None:
        """A chat of mine; history is fetched when it is looked at, here at once."""
        chat_id = data["chat"]["id"]
        if chat_id in self.state.chats:
            return
        self.state.chats[chat_id] = _constant(data["chat"])
        self.state.messages[chat_id] = _history(chat_id, self.http)
        self._fetch_join_requests(chat_id)
        me = data["chat"]["me"]
        mine = {"delivered": me["delivered"], "seen": me["seen"]}
        self.state.marks[chat_id] = {str(self.user.pk): mine}
        self.heads[chat_id] = data["chat"]["head"]

    def chat_receive(self, data: dict[str, Any]) -> None:
        """A message at its place."""
        message = data["message"]
        if "chat" in data:
            self.chat_updated(data)
        self.state.messages[message["chat"]][message["seq"]] = as_pushed(message)
        self.heads[message["chat"]] = max(self.heads[message["chat"]], message["seq"])

    def message_updated(self, data: dict[str, Any]) -> None:
        """A message as it is now; those that answer a deleted one quote it no more."""
        log = self.state.messages[data["chat"]]
        message = data["message"]
        if message["seq"] in log:
            log[message["seq"]] = as_pushed(message)
        for answer in log.values():
            quote = answer["reply_to"]
            if quote is not None and quote["seq"] == message["seq"]:
                quote["text"] = message["text"] and message["text"][:200]
        self.heads[data["chat"]] = max(self.heads[data["chat"]], data["seq"])

    def message_hidden(self, data: dict[str, Any]) -> None:
        """A message that the person does not want to see."""
        self.state.messages.get(data["chat"], {}).pop(data["message_seq"], None)

    def chat_updated(self, data: dict[str, Any]) -> None:
        """How the chat is now; what the push leaves out stays."""
        chat = self.state.chats.get(data["chat"]["id"])
        if chat is None:
            return
        before = chat["me"]["role"]
        chat.update(_constant(data["chat"]))
        if chat["me"]["role"] != before:
            self._fetch_join_requests(chat["id"])
        if "me" in data["chat"]:
            mine = self.state.marks[chat["id"]][str(self.user.pk)]
            mine.update({kind: max(mine[kind], data["chat"]["me"][kind]) for kind in mine})

    def _fetch_join_requests(self, chat_id: str) -> None:
        self._forget_join_requests(chat_id)
        self.state.join_requests |= _join_requests(self.state.chats[chat_id], self.http)

    def _forget_join_requests(self, chat_id: str) -> None:
        for id, request in list(self.state.join_requests.items()):
            if request["chat"] == chat_id:
                del self.state.join_requests[id]

    def join_asked(self, data: dict[str, Any]) -> None:
        """Somebody wants to be let in; told to admins, at that time."""
        request = data["request"]
        chat = self.state.chats.get(request["chat"])
        if chat is not None and chat["me"]["role"] in ADMINS:
            self.state.join_requests[request["id"]] = request

    def chat_cleared(self, data: dict[str, Any]) -> None:
        """The history begins anew; a deleted chat loses its settings too."""
        log = self.state.messages.get(data["chat"], {})
        for seq in [seq for seq in log if seq <= data["seq"]]:
            del log[seq]
        if data["chat"] in self.state.chats:
            me = self.state.chats[data["chat"]]["me"]
            me |= {"hidden": data["hidden"], "marked_unread": False}
            if data["hidden"]:
                me |= {"pinned": False, "archived": False, "draft": None}

    def raise_marks(self, data: dict[str, Any], *kinds: str) -> None:
        """Marks only rise; the own seen mark takes the unread one away when it does."""
        if data["chat"] not in self.state.marks:
            return
        of_member = self.state.marks[data["chat"]].setdefault(
            data["user"], {"delivered": 0, "seen": 0}
        )
        if data["user"] == str(self.user.pk) and "seen" in kinds:
            if data["seq"] > of_member["seen"]:
                self.state.chats[data["chat"]]["me"]["marked_unread"] = False
        for kind in kinds:
            of_member[kind] = max(of_member[kind], data["seq"])

    def request_closed(self, data: dict[str, Any]) -> None:
        """A request that waits no more."""
        self.state.requests.pop(data["request"]["id"], None)

    def request_accepted(self, data: dict[str, Any]) -> None:
        """The two are connected."""
        self.request_closed(data)
        ends = {data["request"]["from"], data["request"]["to"]}
        self.state.contacts |= ends - {str(self.user.pk)}

    def request_made(self, data: dict[str, Any]) -> None:
        """A request waits."""
        self.state.requests[data["request"]["id"]] = data["request"]

    def notification_new(self, data: dict[str, Any]) -> None:
        """Something in the list."""
        self.state.notifications[data["notification"]["id"]] = data["notification"]

    def notifications_read(self, data: dict[str, Any]) -> None:
        """Perhaps on another device."""
        for id in data["notifications"]:
            if id in self.state.notifications:
                self.state.notifications[id]["read_at"] = data["read_at"]

    def person_erased(self, data: dict[str, Any]) -> None:
        """Nobody's contact any more; what they wrote is deleted, its places stay."""
        for log in self.state.messages.values():
            for message in log.values():
                if message["sender"] == data["user"]:
                    message.update(
                        text=None,
                        content=None,
                        reply_to=None,
                        attachments=[],
                        mentions=[],
                        reactions=[],
                        preview=None,
                        pinned=False,
                        deleted_at=True,
                    )
                elif message["reply_to"] and message["reply_to"]["sender"] == data["user"]:
                    message["reply_to"]["text"] = None
        self.state.contacts.discard(data["user"])
        self.state.blocked.discard(data["user"])
        for id, notification in list(self.state.notifications.items()):
            if notification["by"] == data["user"]:
                del self.state.notifications[id]
        for id, request in list(self.state.requests.items()):
            if data["user"] in {request["from"], request["to"]}:
                del self.state.requests[id]
        for id, request in list(self.state.join_requests.items()):
            if request["user"] == data["user"]:
                del self.state.join_requests[id]


#: What each durable event does. Adding one without saying so here fails a test.
APPLY: dict[str, Any] = {
    "chat:new": Client.chat_new,
    "chat:updated": Client.chat_updated,
    "chat:removed": lambda client, data: client._forget(data["chat"]),
    "chat:cleared": Client.chat_cleared,
    "join:request": Client.join_asked,
    "join:decided": lambda client, data: client.state.join_requests.pop(data["request"]["id"], 0),
    "chat:receive": Client.chat_receive,
    "message:updated": Client.message_updated,
    "message:hidden": Client.message_hidden,
    "scheduled:updated": lambda client, data: client.state.scheduled.update(
        {data["scheduled"]["id"]: data["scheduled"]}
    ),
    "scheduled:removed": lambda client, data: client.state.scheduled.pop(data["id"], None),
    "message:delivered": lambda client, data: client.raise_marks(data, "delivered"),
    "message:seen": lambda client, data: client.raise_marks(data, "delivered", "seen"),
    "connection:request": Client.request_made,
    "connection:accepted": Client.request_accepted,
    "connection:rejected": Client.request_closed,
    "connection:removed": lambda client, data: client.state.contacts.discard(data["user"]),
    "connection:blocked": lambda client, data: client.state.blocked.add(data["user"]),
    "connection:unblocked": lambda client, data: client.state.blocked.discard(data["user"]),
    "notification:new": Client.notification_new,
    "notification:read": Client.notifications_read,
    "notification:removed": lambda client, data: client.state.notifications.pop(
        data["notification"], None
    ),
    "user:erased": Client.person_erased,
    # This client shows nobody's name: see test_profile_news.
    "user:updated": lambda client, data: None,
    # Shown once; it stands nowhere else.
    "moderation:warning": lambda client, data: None,
}


def fresh_state(user: User) -> State:
    """What a client that knew nothing would fetch."""
    client = as_(user)
    state = State()
    for chat in all_chats(client):
        state.chats[chat["id"]] = _constant(chat)
        state.messages[chat["id"]] = _history(chat["id"], client)
        me = {"delivered": chat["me"]["delivered"], "seen": chat["me"]["seen"]}
        state.marks[chat["id"]] = {str(user.pk): me}
        waiting = fetch(f"chats/{chat['id']}/scheduled/?limit=100", client)["results"]
        state.scheduled.update({one["id"]: one for one in waiting})
        state.join_requests |= _join_requests(state.chats[chat["id"]], client)
    rows = fetch("connections/?limit=100", client)["results"]
    state.contacts = {row["user"]["id"] for row in rows}
    state.blocked = {
        row["user"] for row in fetch("connections/blocks/?limit=100", client)["results"]
    }
    listed = fetch("notifications/?limit=100", client)
    assert listed["next"] is None
    state.notifications = {one["id"]: one for one in listed["results"]}
    waiting = fetch("connections/requests/", client)
    state.requests = {one["id"]: one for one in waiting["incoming"] + waiting["outgoing"]}
    return state


def all_chats(client: APIClient) -> list[dict[str, Any]]:
    """The whole list, archived chats too."""
    lists = (fetch(f"chats/?limit=100&archived={which}", client) for which in ("false", "true"))
    return [chat for each in lists for chat in each["results"]]


def _constant(chat: dict[str, Any]) -> dict[str, Any]:
    """What only a ``chat:updated`` changes."""
    names = ["id", "kind", "peer", "created_at", "description", "permissions", "disappear_after"]
    names += ["members_count"]
    if chat["kind"] == "group":  # a direct one is called as its peer calls themselves
        names.append("name")
    constant = {name: chat[name] for name in names if name in chat}
    if "me" in chat:
        mine = ("role", "muted_until", "archived", "pinned", "marked_unread", "draft", "hidden")
        constant["me"] = {name: chat["me"][name] for name in mine}
    return constant


def _join_requests(chat: dict[str, Any], client: APIClient) -> dict[str, dict[str, Any]]:
    if chat["kind"] != "group" or chat["me"]["role"] not in ADMINS:
        return {}
    answer = client.get(f"{V1}chats/{chat['id']}/join-requests/?limit=100")
    if answer.status_code != 200:  # no admin any more; chat:updated or chat:removed is under way
        return {}
    return {one["id"]: one for one in answer.json()["results"]}


def _history(chat_id: str, client: APIClient) -> dict[int, dict[str, Any]]:
    messages: dict[int, dict[str, Any]] = {}
    after = 0
    while True:
        answer = client.get(f"{V1}chats/{chat_id}/messages/?after={after}&limit=100")
        if answer.status_code == 404:  # not the person's any more; chat:removed is under way
            return {}
        page = answer.json()
        messages.update({one["seq"]: as_pushed(one) for one in page["results"]})
        if not page["has_more_after"]:
            return messages
        after = page["results"][-1]["seq"]
