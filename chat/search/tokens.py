"""Folded text cut into words; scripts without spaces between words are cut into characters."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from chat.search.folding import Folded

#: Of a longer word only the beginning is told apart.
WORD_MAX_CHARS = 64

#: Scripts that write no spaces between words, or glue particles to them as Korean does: Thai and
#: Lao, Burmese, Khmer, Hangul, kana, Bopomofo and Han.
_DENSE = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF), (0x3005, 0x3007),
    (0x3021, 0x312F), (0x3131, 0x318F), (0x31A0, 0x31BF), (0x31F0, 0x31FF), (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF), (0xA960, 0xA97F), (0xAC00, 0xD7FF), (0xF900, 0xFAFF), (0x1B000, 0x1B16F),
    (0x20000, 0x3FFFF),
)  # fmt: skip

_ASCII_WORD = re.compile(r"[0-9a-z]+")


class Token(NamedTuple):
    """A word, or one dense character; ``start:end`` is its place in the folded text."""

    text: str
    start: int
    end: int
    is_dense: bool = False
    #: A dense character with the one right after it.
    pair: str = ""


def tokens(folded: Folded) -> Iterator[Token]:
    """The words and dense characters of folded text, in order.

    A text is found by a substring of its dense runs as it holds all pairs of the substring, one
    after the other.
    """
    text = folded.text
    if text.isascii():
        for match in _ASCII_WORD.finditer(text):
            start, end = match.span()
            yield Token(match[0][:WORD_MAX_CHARS], start, end)
        return
    start = 0
    while start < len(text):
        kind = _kind(text[start])
        end = start + 1
        if kind == "word":
            while end < len(text) and _kind(text[end]) == "word":
                end += 1
            yield Token(text[start:end][:WORD_MAX_CHARS], start, end)
        elif kind == "dense":
            is_followed = end < len(text) and _kind(text[end]) == "dense"
            yield Token(text[start], start, end, True, text[start : end + 1] if is_followed else "")
        start = end


@lru_cache(maxsize=16_384)
def _kind(character: str) -> str:
    """What a folded character is part of: a ``word``, a ``dense`` run, or nothing."""
    category = unicodedata.category(character)
    if category == "So":  # emoji, each of which can be looked for
        return "dense"
    if category[0] not in "LMN":
        return ""
    is_dense = any(first <= ord(character) <= last for first, last in _DENSE)
    return "dense" if is_dense else "word"
