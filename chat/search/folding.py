"""Text made alike for search: case, accents, widths and ligatures folded, with the way back.

Documents and queries are folded by the same function, so what matters is not that a fold is right
in every language but that two spellings of one word come out the same.
"""

import unicodedata
from functools import lru_cache
from typing import NamedTuple

#: Letters that people type as others though Unicode does not take them apart, and what only
#: decorates. (U+0640 stretches Arabic words; modifier apostrophes stand for the typed one.)
_ALSO = str.maketrans(
    {
        **{"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l"},
        **{"ŋ": "n", "ŧ": "t", "þ": "th", "ـ": "", "ʻ": "'", "ʼ": "'"},
    }
)


class Folded(NamedTuple):
    """Folded text; character ``n`` of it comes from ``starts[n]:ends[n]`` of the original."""

    text: str
    starts: "range | list[int]"
    ends: "range | list[int]"


def fold(text: str) -> Folded:
    """The text folded, and from where in the original (in code points) each character comes."""
    if text.isascii():
        return Folded(text.lower(), range(len(text)), range(1, len(text) + 1))
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    begin = 0
    while begin < len(text):
        end = begin + 1
        while end < len(text) and _continues(text[end]):
            end += 1
        part = _fold_cluster(text[begin:end])
        parts.append(part)
        starts += [begin] * len(part)
        ends += [end] * len(part)
        begin = end
    return Folded("".join(parts), starts, ends)


@lru_cache(maxsize=16_384)
def _continues(character: str) -> bool:
    """Whether it is one letter with what stands before it: marks, vowels and finals of Hangul
    that is spelt out, the half-width sound marks of kana.
    """
    return (
        unicodedata.combining(character) != 0
        or "\u1160" <= character <= "\u11ff"
        or character in "\uff9e\uff9f"
    )


@lru_cache(maxsize=16_384)
def _fold_cluster(cluster: str) -> str:
    taken_apart = _without_accents(unicodedata.normalize("NFKD", cluster))
    folded = _without_accents(unicodedata.normalize("NFKD", taken_apart.casefold()))
    # Together again: syllables of Hangul and voiced kana are letters of their own.
    return unicodedata.normalize("NFC", folded.translate(_ALSO))


def _without_accents(text: str) -> str:
    return "".join(_digit(one) for one in text if not _is_accent(one))


def _is_accent(character: str) -> bool:
    """Accents, the points of Hebrew, Arabic and Syriac, and what cannot be seen.

    By combining class: 7 to 9 (nukta, sound marks of kana, virama) and the vowels of Thai and its
    neighbours make other letters, and stay.
    """
    combining = unicodedata.combining(character)
    return (
        combining >= 200
        or 10 <= combining <= 36
        or unicodedata.category(character) in ("Cf", "Me")
        or "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
    )


def _digit(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)
