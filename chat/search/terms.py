"""What a person has typed, as terms: what a message must hold, and how to ask PostgreSQL for it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from chat.search.documents import keys_of, side_by_side
from chat.search.folding import fold
from chat.search.tokens import WORD_MAX_CHARS, Token, tokens

#: What people and their keyboards put around a phrase.
_QUOTE = re.compile('["“”„‟«»＂]')


@dataclass(frozen=True, slots=True)
class Term:
    """Tokens that a message must hold side by side; the last may be the beginning of a word."""

    tokens: tuple[Token, ...]
    is_prefix: bool

    def keys(self) -> Iterator[int]:
        """The keys of all messages that have the term."""
        for token in self.tokens:
            yield from keys_of(token)
        for one, other in pairwise(self.tokens):
            if one.pair or not self.is_prefix or other is not self.tokens[-1]:
                yield side_by_side(one, other)

    def query(self) -> str:
        """The tsquery that their words match."""
        parts = [f"'{token.pair or token.text}'" for token in self.tokens]
        *before, last = self.tokens
        if self.is_prefix and not last.is_dense and len(last.text) < WORD_MAX_CHARS:
            parts[-1] += ":*"
        elif before and before[-1].pair:
            parts.pop()  # it stands in that pair
        return " <-> ".join(parts)


def parse_terms(text: str) -> tuple[Term, ...]:
    """The terms of a query; none if it has neither letters, digits nor symbols.

    Words may be anywhere in a message, and may be the beginning of one. What is written without a
    space (``night-train``, ``例えば``) stands together; so do the words between quotes, whole. A
    quote that is still open ends in the beginning of a word.
    """
    terms: list[Term] = []
    parts = _QUOTE.split(text)
    for n, part in enumerate(parts):
        is_quoted = n % 2 == 1
        is_closed = is_quoted and n < len(parts) - 1
        for piece in [part] if is_quoted else part.split():
            found = tuple(tokens(fold(piece)))
            if found:
                terms.append(Term(found, is_prefix=not is_closed))
    return tuple(dict.fromkeys(terms))
