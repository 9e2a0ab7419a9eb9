"""The only look-up of a chat by an id of a client's: what is not the caller's is not found."""

from dataclasses import dataclass

from chat.models import Chat, Membership
from connections.queries import are_connected
from core.errors import NotFound
from core.ids import parse_id


@dataclass(frozen=True, slots=True)
class Access:
    """A chat and the caller's membership of it."""

    chat: Chat
    membership: Membership

    @property
    def peer_id(self) -> int | None:
        """The other one of a direct chat."""
        if self.chat.low_id is None or self.chat.high_id is None:
            return None
        mine = self.membership.user_id
        return self.chat.high_id if mine == self.chat.low_id else self.chat.low_id

    def is_open(self) -> bool:
        """Whether the caller may still write: in a direct chat only while connected."""
        peer = self.peer_id
        return peer is None or are_connected(self.membership.user_id, peer)


def get_chat(user_id: int, chat_id: str) -> Access:
    """The chat of ``chat_id`` if ``user_id`` is in it; raises NotFound."""
    membership = (
        Membership.objects.select_related("chat")
        .filter(chat_id=parse_chat_id(chat_id), user_id=user_id)
        .first()
    )
    if membership is None:
        raise chat_not_found()
    return Access(membership.chat, membership)


def parse_chat_id(text: str) -> int:
    """The integer of a chat's id; raises NotFound with the chat's own code."""
    try:
        return parse_id(text)
    except NotFound as error:
        raise chat_not_found() from error


def chat_not_found() -> NotFound:
    """Absent, or not the caller's."""
    return NotFound("chat_not_found", "There is no such chat.")


def message_not_found() -> NotFound:
    """No message of this chat, or not shown to the caller."""
    return NotFound("message_not_found", "There is no such message.")
