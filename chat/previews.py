"""What a link leads to, as its page tells: a title, a description, the name of the site."""

import codecs
import re
import unicodedata
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.conf import settings

from chat.payloads import Preview
from core.fetch import Page

#: The content types that have previews.
TYPES = ("text/html", "application/xhtml+xml")

# The same as in web/src/lib/text.ts, so that the preview is of what people see as a link. There
# \b, i and \s are JavaScript's.
_LINK = re.compile(
    r"""(?ai:\bhttps?://)[^\s<>"'\ufeff]+|(?ai:\bwww\.[a-z0-9-]+\.)[^\s<>"'\ufeff]+"""
)
_TRAILING = ".,;:!?…»”"

_META_CHARSET = re.compile(rb"""<meta[^>]{1,200}?charset\s*=\s*["']?\s*([\w-]{1,40})""", re.I)
#: Only encodings of pages: Python has others, and one that takes for ever.
_CHARSET = re.compile(
    r"utf-?8|utf-16(le|be)?|windows-125\d|iso-8859-\d{1,2}|us-ascii|koi8-[ru]|macintosh|tis-620|"
    r"shift_jis|euc-(jp|kr)|iso-2022-jp|gb2312|gbk|gb18030|big5"
)
#: What browsers take them for.
_SUPERSETS = {
    "iso8859-1": "windows-1252",
    "ascii": "windows-1252",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
}
#: Marks that turn the direction of what follows, also outside of the preview.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def first_link(text: str) -> str | None:
    """The address of the first link in a text, as the client makes links; None without one.

    Texts without any, nearly all, cost two searches for a few characters.
    """
    if "://" not in text and "www." not in text.lower():
        return None
    found = _LINK.search(text)
    if found is None:
        return None
    link = found.group().rstrip(_TRAILING)
    # Brackets at the end that were not opened in the link belong to the sentence.
    unopened = min(link.count(")") - link.count("("), len(link) - len(link.rstrip(")")))
    if unopened > 0:
        link = link[:-unopened]
    return f"https://{link}" if link[:4].lower() == "www." else link


def preview_of(url: str, page: Page) -> Preview | None:
    """The preview of the link ``url``, which led to ``page``; None if it has no title."""
    head = _Head()
    try:
        head.feed(_decoded(page))  # never closed: what is unfinished at the end is left unread
    except _HeadEnds:
        pass
    title = head.first(settings.PREVIEW_TITLE_CHARS, "og:title", "twitter:title", "title")
    if not title:
        return None
    return {
        "url": url,
        "title": title,
        "description": head.first(
            settings.PREVIEW_DESCRIPTION_CHARS,
            "og:description",
            "twitter:description",
            "description",
        ),
        "site": head.first(settings.PREVIEW_TITLE_CHARS, "og:site_name", "application-name")
        or (urlsplit(page.url).hostname or "").removeprefix("www."),
    }


def _decoded(page: Page) -> str:
    if page.body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return page.body.decode("utf-16", "replace")
    if page.body.startswith(codecs.BOM_UTF8):
        return page.body.decode("utf-8-sig", "replace")
    charset = page.charset
    if charset is None and (found := _META_CHARSET.search(page.body, 0, 4096)):
        charset = found[1].decode("ascii", "replace").lower()
    if charset is None or not _CHARSET.fullmatch(charset):
        charset = "utf-8"
    try:
        name = codecs.lookup(charset).name
    except LookupError:  # ISO-8859-12 was never made
        name = "utf-8"
    return page.body.decode(_SUPERSETS.get(name, name), "replace")


class _HeadEnds(Exception):
    """All that previews are made of has been read."""


class _Head(HTMLParser):
    """Reads the first of each meta element, and the title, up to the body.

    It keeps no tree, so nesting costs nothing.
    """

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[str, str] = {}
        self._title: list[str] | None = None

    def first(self, max_chars: int, *names: str) -> str:
        """The first of these that is not empty, cleaned and cut."""
        return next(
            filter(None, (_clean(self._found.get(name, ""), max_chars) for name in names)), ""
        )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See HTMLParser."""
        if tag == "meta":
            # Of an attribute that comes twice the first counts.
            values = dict(reversed(attrs))
            name = values.get("property") or values.get("name")
            if name and (content := values.get("content")):
                self._found.setdefault(name.strip().lower(), content)
        elif tag == "title":
            self._title = []
        elif tag == "body":
            raise _HeadEnds

    def handle_data(self, data: str) -> None:
        """See HTMLParser."""
        if self._title is not None:
            self._title.append(data)

    def handle_endtag(self, tag: str) -> None:
        """See HTMLParser."""
        if tag == "title" and self._title is not None:
            self._found.setdefault("title", "".join(self._title))
            self._title = None


def _clean(text: str, max_chars: int) -> str:
    """On one line, without control characters and marks of direction, cut at ``max_chars``."""
    line = "".join(
        character
        for character in " ".join(text.split())
        if character not in _BIDI and unicodedata.category(character) not in {"Cc", "Cs"}
    ).strip()
    return line if len(line) <= max_chars else line[: max_chars - 1].rstrip() + "…"
