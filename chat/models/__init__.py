"""Tables of chats, by noun."""

from chat.models.chats import Chat, Membership
from chat.models.epoch import Epoch
from chat.models.invites import Exclusion, Invite, JoinRequest
from chat.models.messages import (
    EVERYBODY,
    WITH_FILES,
    WITH_LINKS,
    WITH_MEDIA,
    ChatEvent,
    Edit,
    Hidden,
    Message,
    Reaction,
    Scheduled,
    Star,
    Vote,
)
from chat.models.receipts import Receipt
from chat.models.search import SearchBlock, SearchEntry, SearchProgress

__all__ = [
    "EVERYBODY",
    "WITH_FILES",
    "WITH_LINKS",
    "WITH_MEDIA",
    "Chat",
    "ChatEvent",
    "Edit",
    "Epoch",
    "Exclusion",
    "Hidden",
    "Invite",
    "JoinRequest",
    "Membership",
    "Message",
    "Reaction",
    "Receipt",
    "Scheduled",
    "SearchBlock",
    "SearchEntry",
    "SearchProgress",
    "Star",
    "Vote",
]
