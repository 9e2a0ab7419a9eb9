"""Opening chats."""

from django.db import transaction

from accounts.log import tell_each
from chat.access import Access, get_chat
from chat.models import Chat, Membership
from chat.rendering import chat_new
from connections.queries import are_connected
from core.errors import Invalid, NotFound
from core.ids import parse_id


def open_direct_chat(user_id: int, other: str) -> tuple[Access, bool]:
    """Finds or creates the direct chat with a person; also whether it was created.

    Both are told by ``chat:new``. An existing chat is found also after the connection has ended
    (it stays readable); people never connected and unknown ones are the same NotFound. Of two
    calls at once one creates and the other finds.
    """
    try:
        other_id = parse_id(other)
    except NotFound as error:
        raise user_not_found() from error
    if other_id == user_id:
        raise Invalid("not_yourself", "There is no chat with yourself.")
    low, high = sorted((user_id, other_id))
    chat = Chat.objects.filter(low_id=low, high_id=high).first()
    if chat is not None:
        return get_chat(user_id, str(chat.pk)), False
    if not are_connected(low, high):
        raise user_not_found()
    with transaction.atomic():
        # A parallel call waits here for the unique pair and then finds what this one made.
        made = Chat.objects.bulk_create(
            [Chat(kind=Chat.Kind.DIRECT, low_id=low, high_id=high)], ignore_conflicts=True
        )[0]
        chat = Chat.objects.get(low_id=low, high_id=high)
        is_new = chat.pk == made.pk
        if is_new:
            Membership.objects.bulk_create(
                [Membership(chat=chat, user_id=user_id) for user_id in (low, high)]
            )
            news = {one: ("chat:new", chat_new(one, chat.pk)) for one in (low, high)}
            tell_each(news, kept={"chat": {"id": str(chat.pk)}})
    return get_chat(user_id, str(chat.pk)), is_new


def user_not_found() -> NotFound:
    """Unknown, or never connected with the caller: the two look alike."""
    return NotFound("user_not_found", "There is no such person among your connections.")
