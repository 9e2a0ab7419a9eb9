"""Where in a text the terms of a query stand."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from chat.search.folding import fold
from chat.search.terms import Term
from chat.search.tokens import Token, tokens


def highlights(text: str, terms: Sequence[Term]) -> list[list[int]]:
    """``[start, length]`` of what matches, in code points of the text, ascending and apart."""
    folded = fold(text)
    words = list(tokens(folded))
    places = _Places(words)
    marked: list[list[int]] = []
    for start, end in sorted(span for term in terms for span in places.of(term)):
        # Of a character that was folded into several, all is marked or nothing.
        first, last = folded.starts[start], folded.ends[end - 1]
        if marked and first <= marked[-1][1]:
            marked[-1][1] = max(marked[-1][1], last)
        else:
            marked.append([first, last])
    return [[first, last - first] for first, last in marked]


class _Places:
    """The tokens of a text, to look terms up in."""

    def __init__(self, words: Sequence[Token]) -> None:
        self._words = words
        self._at: dict[str, list[int]] = defaultdict(list)
        for n, word in enumerate(words):
            self._at[word.text].append(n)
        self._texts = sorted(self._at)

    def of(self, term: Term) -> Iterator[tuple[int, int]]:
        """Where the tokens of a term stand, in the folded text."""
        wanted = term.tokens
        if len(wanted) == 1 and term.is_prefix:
            yield from self._beginning_with(wanted[0])
            return
        for n in self._at.get(wanted[0].text, ()):
            found = self._words[n : n + len(wanted)]
            if len(found) == len(wanted) and _is_match(term, found):
                for one, other in zip(wanted, found, strict=True):
                    yield other.start, other.start + min(len(one.text), other.end - other.start)

    def _beginning_with(self, wanted: Token) -> Iterator[tuple[int, int]]:
        for text in self._texts[bisect_left(self._texts, wanted.text) :]:
            if not text.startswith(wanted.text):
                break
            for n in self._at[text]:
                start = self._words[n].start
                yield start, start + len(wanted.text)


def _is_match(term: Term, found: Sequence[Token]) -> bool:
    *wanted, last = term.tokens
    for one, other in zip(wanted, found, strict=False):
        if one.text != other.text or (one.pair and one.pair != other.pair):
            return False
    if term.is_prefix and not last.is_dense:
        return found[-1].text.startswith(last.text)
    return found[-1].text == last.text
