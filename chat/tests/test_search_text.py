"""Folding, cutting into words, reading a query, marking what matches: all without a database."""

from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chat.search.documents import Searchable, document
from chat.search.folding import fold
from chat.search.highlights import highlights
from chat.search.terms import parse_terms
from chat.search.tokens import tokens


def marked(text: str, query: str) -> list[str]:
    """What of a text is highlighted."""
    return [text[at : at + length] for at, length in highlights(text, parse_terms(query))]


def words(text: str) -> list[str]:
    """The words of a text, or the pairs of its dense characters."""
    return [token.pair or token.text for token in tokens(fold(text))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße", "STRASSE"),
        ("École", "ecole"),
        ("e\u0301cole", "école"),
        ("İstanbul", "istanbul"),
        ("ıspanak", "ISPANAK"),
        ("Łódź", "lodz"),
        ("Ærø", "aero"),
        ("smørrebrød", "SMORREBROD"),
        ("Đà Nẵng", "da nang"),
        ("ﬁne ﬂow", "fine flow"),
        ("ＡＢＣ１２", "abc12"),
        ("Ⅻ ½ ㎏", "xii 1⁄2 kg"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("ᾳ", "α"),
        ("Ёлка", "елка"),
        ("ｶﾞｷﾞ", "ガギ"),
        ("カ\u3099", "ガ"),
        ("\u1112\u1161\u11ab\u1100\u116e\u11a8", "한국"),  # spelt out, as some file systems do
        ("מִלָּה", "מלה"),
        ("مُحَمَّد", "محمد"),
        ("أحمد", "احمد"),
        ("مرحبـــا", "مرحبا"),
        ("١٢٣ १२३", "123 123"),
        ("co\u00adop\u200d", "coop"),
        ("❤\ufe0f", "❤"),
    ],
)
def test_spellings_of_one_word_are_alike(one: str, other: str) -> None:
    assert fold(one).text == fold(other).text


@pytest.mark.parametrize(
    ("one", "other"),
    [("が", "か"), ("パン", "ハン"), ("कु", "क"), ("เก่า", "กา"), ("क़", "क"), ("a", "b")],
)
def test_other_letters_stay_others(one: str, other: str) -> None:
    assert fold(one).text != fold(other).text


@settings(derandomize=True)
@given(st.text())
def test_folding_again_changes_nothing_and_the_way_back_is_in_order(text: str) -> None:
    folded = fold(text)
    assert fold(folded.text).text == folded.text
    assert len(folded.starts) == len(folded.ends) == len(folded.text)
    assert list(folded.starts) == sorted(folded.starts)
    assert all(0 <= a < b <= len(text) for a, b in zip(folded.starts, folded.ends, strict=True))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Don't re-read it.", ["don", "t", "re", "read", "it"]),
        ("naïve, façade!", ["naive", "facade"]),
        ("東京都", ["東京", "京都", "都"]),
        ("iPhone充電中", ["iphone", "充電", "電中", "中"]),
        ("東京 都", ["東京", "京", "都"]),
        ("안녕하세요", ["안녕", "녕하", "하세", "세요", "요"]),
        ("สวัสดี", ["สว", "วั", "ัส", "สด", "ดี", "ี"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("yes 👍🏽!", ["yes", "👍"]),
        ("?! …", []),
        ("x" * 80, ["x" * 64]),
    ],
)
def test_text_is_cut_into_words_and_dense_characters(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("Hello, hello world", "hel", ["Hel", "hel"]),
        ("Hello, hello world", "WORLD hello", ["Hello", "hello", "world"]),
        ("Die Straße", "strass", ["Straß"]),
        ("Die Straße", "stras", ["Straß"]),
        ("de la cre\u0301me", "creme", ["cre\u0301me"]),
        ("ﬁnd it", "f", ["ﬁ"]),
        ("🎉 party", "par", ["par"]),
        ("🎉🎉 party", "🎉", ["🎉🎉"]),
        ("東京都京都", "京都", ["京都京都"]),
        ("東京都", "東都", []),
        ("ｶﾞｷﾞ", "ガギ", ["ｶﾞｷﾞ"]),
        ("a night-train, a train", "night-tr", ["night", "tr"]),
        ("a train at night", "night-train", []),
        ("night train, fast train", '"fast train"', ["fast", "train"]),
        ("night train, fast train", '"fast tra"', []),
        ("night train, fast train", '"fast tra', ["fast", "tra"]),
        ("night train, fast train", "“night train”", ["night", "train"]),
        ("nothing", "else", []),
    ],
)
def test_what_matches_is_marked(text: str, query: str, found: list[str]) -> None:
    assert marked(text, query) == found


@pytest.mark.parametrize(
    ("query", "tsqueries"),
    [
        ("Hello wor", ["'hello':*", "'wor':*"]),
        ("hello hello", ["'hello':*"]),
        ("foo-bar", ["'foo' <-> 'bar':*"]),
        ('"Hello World" x', ["'hello' <-> 'world'", "'x':*"]),
        ("東京都", ["'東京' <-> '京都'"]),
        ("東", ["'東'"]),
        ("iPhone充電", ["'iphone' <-> '充電'"]),
        ("充電iPh", ["'充電' <-> '電' <-> 'iph':*"]),
        ('"', []),
        ("?!", []),
    ],
)
def test_a_query_is_read_as_terms(query: str, tsqueries: list[str]) -> None:
    assert [term.query() for term in parse_terms(query)] == tsqueries


CHARACTERS = (
    *("a b c A B C é ß ø İ ﬁ ½ １ α β Σ ς ж Ё й 東 京 都 の が ｶ ﾞ 한 국 어 ก ิ ่ א ב م ح".split(" ")),
    *("हिन्दी \n-.,'?\"👍🏽❤\ufe0f\u200d\u1100\u1161\u0301\u05b8\u064f\u3099"),
    "e\u0301",
)
TEXTS = st.lists(st.sampled_from(CHARACTERS), max_size=30).map("".join)


@settings(derandomize=True, max_examples=300)
@given(TEXTS, st.data())
def test_a_text_is_found_by_every_part_of_it(text: str, data: st.DataObject) -> None:
    """From the beginning of a word or dense character to the end of any character."""
    folded = fold(text)
    found = list(tokens(folded))
    assume(found)
    first = data.draw(st.integers(0, len(found) - 1))
    last = data.draw(st.integers(first, len(found) - 1))
    start, end = found[first].start, data.draw(st.integers(found[last].start + 1, found[last].end))
    # Not from or to the midst of what one character was folded into.
    assume(start == 0 or folded.starts[start] >= folded.ends[start - 1])
    assume(end == len(folded.text) or folded.starts[end] >= folded.ends[end - 1])
    part = text[folded.starts[start] : folded.ends[end - 1]].replace('"', " ")
    keys = document(Searchable(1, 2, 3, "text", text, None, None, None, None)).keys
    for query in (part, f'"{part}'):
        terms = parse_terms(query)
        assert keys >= {key for term in terms for key in term.keys()}
        spans = highlights(text, terms)
        assert spans and all(length > 0 for _, length in spans)
        assert all(at + length < after for (at, length), (after, _) in pairwise(spans))
        assert spans[-1][0] + spans[-1][1] <= len(text)
