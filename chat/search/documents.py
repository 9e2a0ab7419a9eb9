"""What the index holds of a message: keys, by which it is found, and its words, which decide.

Every key that a message brings has a page of the index written, unless others bring it too before
the index is written. So there are few different ones, and most are hashes into a small range: of
what a word begins with, of neighbours, and the single characters of scripts without spaces. All
messages that have the keys of a query are candidates; which of them match is told by their words,
in order, as PostgreSQL compares them (``tsvector``).

Other keys say where a message stands: its chat, the two people of a direct chat, its sender, its
kind, and blocks of ids.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice, pairwise
from typing import Any, NamedTuple
from zlib import crc32

from chat.search.folding import fold
from chat.search.tokens import Token, tokens

#: Beginnings of these lengths have keys of their own; a short query needs one of them.
_SHORT = (1, 2, 3)
#: Longer queries need all that fit of these, with the bits to which they are hashed.
_LONG = {4: 12, 5: 10, 6: 10}

#: Bits of the hashes of two words, and of two dense characters, that stand side by side.
_WORDS_BITS = 10
_CHARACTERS_BITS = 14

#: Blocks of the smallest size have 2^12 ids; each level's are four times as large.
BLOCK_BITS = 12
_LEVEL_BITS = 2
LEVELS = 6

#: PostgreSQL counts no further; what follows is not found.
_POSITION_MAX = 16_383


class Searchable(NamedTuple):
    """The columns of a message, and of its chat, that make its document."""

    id: int
    chat_id: int
    sender_id: int | None
    kind: str
    text: str
    content: dict[str, Any] | None
    deleted_at: datetime | None
    low_id: int | None
    high_id: int | None
    #: The names of its files.
    names: Sequence[str] = ()


class Document(NamedTuple):
    """Keys, and words as a tsvector's text; none of what nobody may find."""

    keys: set[int]
    words: str


def document(message: Searchable) -> Document:
    """What a message can be found by."""
    if message.deleted_at is not None or message.kind == "system":
        return Document(set(), "")
    keys = set(_where(message))
    places: dict[str, list[str]] = {}
    position = 0
    for text in (*searchable_texts(message.kind, message.text, message.content), *message.names):
        found = list(islice(tokens(fold(text)), _POSITION_MAX - position))
        for token in found:
            position += 1
            place = str(position)
            places.setdefault(token.text, []).append(place)
            if token.pair:
                places.setdefault(token.pair, []).append(place)
            keys.update(_of_token(token.text, token.is_dense))
        keys.update(side_by_side(one, other) for one, other in pairwise(found))
        # What ends one text does not stand before what begins the next.
        position = min(position + 1, _POSITION_MAX)
    # No word has a quote or a backslash in it.
    return Document(keys, " ".join(f"'{word}':{','.join(at)}" for word, at in places.items()))


def searchable_texts(kind: str, text: str, content: dict[str, Any] | None) -> Iterator[str]:
    """What people may look for of a message that they can see."""
    if text:
        yield text
    match kind, content:
        case (("location" | "contact"), {"name": str(name)}):
            yield name
        case "poll", {"question": question, "options": options}:
            yield question
            yield from options


@lru_cache(maxsize=65_536)
def _of_token(text: str, is_dense: bool) -> tuple[int, ...]:
    if is_dense:
        return (_key(text),)
    return (*(_key(f"^{text[:length]}") for length in _SHORT if length <= len(text)), *_long(text))


def _long(word: str) -> Iterator[int]:
    for length, bits in _LONG.items():
        if length <= len(word):
            yield _key(f"^{length}.{_hash(word[:length], bits)}")


def keys_of(token: Token) -> Iterator[int]:
    """Keys of every message that has a dense character, or a word that begins so."""
    if token.is_dense:
        yield _key(token.text)
    elif len(token.text) in _SHORT:
        yield _key(f"^{token.text}")
    else:
        yield from _long(token.text)


def _where(message: Searchable) -> Iterator[int]:
    yield in_chat(message.chat_id)
    yield of_kind(message.kind)
    if message.sender_id is not None:
        yield by_sender(message.sender_id)
    if message.low_id is not None and message.high_id is not None:
        yield of_person(message.low_id)
        yield of_person(message.high_id)
    for level in range(LEVELS):
        yield in_block(level, message.id >> block_bits(level))


def side_by_side(one: Token, other: Token) -> int:
    """The key of two tokens, one after the other."""
    if one.pair:
        return _key(f"={_hash(one.pair, _CHARACTERS_BITS)}")
    return _key(f"+{_hash(f'{one.text} {other.text}', _WORDS_BITS)}")


def in_chat(chat_id: int) -> int:
    """The key of all messages of a chat."""
    return _key(f":c{chat_id}")


def of_person(user_id: int) -> int:
    """The key of all messages of a person's direct chats."""
    return _key(f":p{user_id}")


def by_sender(user_id: int) -> int:
    """The key of all messages that someone has sent."""
    return _key(f":s{user_id}")


def of_kind(kind: str) -> int:
    """The key of all messages of a kind."""
    return _key(f":k{kind}")


def in_block(level: int, block: int) -> int:
    """The key of the messages of a block of ids."""
    return _key(f":{level}.{block}")


def block_bits(level: int) -> int:
    """A block of the level has two to the power of this many ids."""
    return BLOCK_BITS + _LEVEL_BITS * level


def _hash(text: str, bits: int) -> int:
    return crc32(text.encode()) >> (32 - bits)


def _key(text: str) -> int:
    # No token begins with one of the signs above.
    return _hash(text, 32) - 2**31
