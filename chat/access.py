"""The only look-up of a chat by an id of a client's: what is not the caller's is not found."""

from dataclasses import dataclass

from chat.models import Chat, Membership, Scheduled
from connections.queries import are_connected
from core.errors import Conflict, Forbidden, Invalid, NotFound
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

    def may(self, who: str) -> bool:
        """Whether the caller is among those of a group's permission: all, or the admins."""
        return who == Chat.Who.ALL or self.membership.is_admin

    def require_open(self) -> None:
        """Raises Forbidden ``chat_closed`` where the two of a direct chat are connected no more."""
        if not self.is_open():
            raise chat_closed()

    def require_post(self) -> None:
        """Raises Forbidden ``chat_read_only`` where only the group's admins write."""
        if not self.may(self.chat.post):
            raise chat_read_only()

    def require_group(self) -> None:
        """Raises Invalid ``not_a_group``."""
        if self.chat.kind != Chat.Kind.GROUP:
            raise Invalid("not_a_group", "This is not a group.")

    def require_left_group(self) -> None:
        """Raises Conflict ``group_not_left``: only who has left a group can delete it."""
        if self.chat.kind == Chat.Kind.GROUP:
            raise Conflict("group_not_left", "Leave the group first.")

    def require_admin(self) -> None:
        """Raises Forbidden ``admins_only``; Invalid ``not_a_group``."""
        self.require_group()
        if not self.membership.is_admin:
            raise admins_only()

    def require_invite(self) -> None:
        """Raises Forbidden ``admins_only`` for who may let nobody in; Invalid ``not_a_group``."""
        self.require_group()
        if not self.may(self.chat.invite):
            raise admins_only()

    def require_owner(self) -> None:
        """Raises Forbidden ``owner_only``; Invalid ``not_a_group``."""
        self.require_group()
        if self.membership.role != Membership.Role.OWNER:
            raise Forbidden("owner_only", "Only the owner of the group may do this.")


def get_chat(user_id: int, chat_id: str, *, lock: bool = False) -> Access:
    """The chat of ``chat_id`` if ``user_id`` is in it; raises NotFound.

    ``lock`` takes the chat's row first, for what changes its log or its members: nobody else gets
    a seq, comes or goes until the transaction ends. Of several chats lock the lower id first; user
    rows (personal logs) come after chats.
    """
    parsed = parse_chat_id(chat_id)
    if lock:
        Chat.objects.select_for_update(no_key=True).filter(pk=parsed).first()
    membership = (
        Membership.objects.select_related("chat").filter(chat_id=parsed, user_id=user_id).first()
    )
    if membership is None:
        raise chat_not_found()
    return Access(membership.chat, membership)


def get_scheduled(
    user_id: int, chat_id: str, scheduled_id: str, *, lock: bool = False
) -> Scheduled:
    """A message of the caller's that waits to be sent to a chat of theirs; raises NotFound.

    ``lock`` takes its row; who needs the chat's lock too takes that first.
    """
    access = get_chat(user_id, chat_id)
    rows = Scheduled.objects.filter(chat=access.chat, sender_id=user_id)
    if lock:
        rows = rows.select_for_update()
    try:
        row = rows.filter(pk=parse_id(scheduled_id)).first()
    except NotFound:
        row = None
    if row is None:
        raise NotFound("scheduled_not_found", "There is no such scheduled message.")
    return row


def parse_chat_id(text: str) -> int:
    """The integer of a chat's id; raises NotFound with the chat's own code."""
    try:
        return parse_id(text)
    except NotFound as error:
        raise chat_not_found() from error


def chat_not_found() -> NotFound:
    """Absent, or not the caller's."""
    return NotFound("chat_not_found", "There is no such chat.")


def chat_closed() -> Forbidden:
    """The two of a direct chat are connected no more."""
    return Forbidden("chat_closed", "You are not connected with this person any more.")


def chat_read_only() -> Forbidden:
    """Only the group's admins write here."""
    return Forbidden("chat_read_only", "Only the admins of the group can write here.")


def admins_only() -> Forbidden:
    """The group leaves this to its admins."""
    return Forbidden("admins_only", "Only the admins of the group may do this.")


def message_not_found() -> NotFound:
    """No message of this chat, or not shown to the caller."""
    return NotFound("message_not_found", "There is no such message.")


def message_deleted() -> Conflict:
    """It was deleted for everyone; nothing can be done to it any more."""
    return Conflict("message_deleted", "This message was deleted.")
