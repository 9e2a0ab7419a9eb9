"""Every spelling of an address or a number is one identity."""

import pytest
from pytest_django import Settings

from accounts.identifiers import Identifier, parse_identifier
from core.errors import Invalid


@pytest.mark.parametrize(
    "text",
    [
        "alice@example.com",
        "  Alice@Example.COM \n",
        "ALICE@EXAMPLE.COM",
        "ａｌｉｃｅ@example.com",  # full-width letters
        "alice\uff20example.com",
        "alice@example\uff0ecom",
    ],
)
def test_spellings_of_an_address(text: str) -> None:
    assert parse_identifier(text) == Identifier("email", "alice@example.com")


@pytest.mark.parametrize(
    "text", ["bob@MÜNCHEN.de", "bob@xn--mnchen-3ya.de", "bob@mu\u0308nchen.DE"]
)
def test_international_domains_become_ascii(text: str) -> None:
    assert parse_identifier(text).value == "bob@xn--mnchen-3ya.de"


def test_dots_and_tags_are_the_providers_business() -> None:
    assert parse_identifier("a.li.ce+x@gmail.com").value == "a.li.ce+x@gmail.com"


@pytest.mark.parametrize(
    "text",
    [
        "+4915112345678",
        "+49 151 12345678",
        "+49 (0)151 / 1234-5678",
        "0049 151 12345678",
        "tel:+49-151-12345678",
        "\u202a+49 151 12345678\u202c",
        "+49\u00a0151\u201112345678",
        "\uff0b\uff14\uff19\uff11\uff15\uff11\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18",
        "+\u0664\u0669\u0661\u0665\u0661\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668",
    ],
)
def test_spellings_of_a_number(text: str) -> None:
    assert parse_identifier(text) == Identifier("phone", "+4915112345678")


def test_national_spelling_needs_a_default_region(settings: Settings) -> None:
    with pytest.raises(Invalid):
        parse_identifier("0151 12345678")
    settings.DEFAULT_PHONE_REGION = "DE"
    assert parse_identifier("0151 12345678").value == "+4915112345678"


def test_italian_zero_is_kept() -> None:
    assert parse_identifier("+39 06 698 12345").value == "+390669812345"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "@",
        "alice",
        "alice@",
        "@example.com",
        "a b@example.com",
        "alice@exa mple.com",
        "alice@[127.0.0.1]",
        "alice@-.com",
        "alice@example.com\u200b\r\nBcc: eve@example.com",
        "x" * 300 + "@example.com",
        "a@" + "ü" * 300,
        "+49",
        "+4912",
        "+1",
        "12345",
        "abc15112345678",
        "+49 151 12345678 ext. 5",
        "+49+151 12345678",
        "+999999999999",
        "+49 900 1234567",  # costs its caller extra
        "1" * 300,
    ],
)
def test_what_is_neither_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_identifier(text)
    assert refused.value.code == "identifier_invalid"
