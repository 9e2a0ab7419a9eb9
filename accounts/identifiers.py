"""Email addresses and phone numbers: one normal form for every spelling of one of them."""

import unicodedata
from typing import Literal, NamedTuple

import idna
import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from phonenumbers import PhoneNumberType

from core.errors import Invalid

Kind = Literal["email", "phone"]

_EMAIL_MAX_CHARS = 254
#: The shortest numbers of the world have seven digits, country prefix included.
_DIGITS_MIN = 7
#: Numbers that cost their caller extra, or that nobody reads: never worth a text message.
_REFUSED_TYPES = frozenset(
    {
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.PAGER,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
    }
)


class Identifier(NamedTuple):
    """A normalised address or number (E.164); ``kind`` is also the User field that holds it."""

    kind: Kind
    value: str


def parse_identifier(text: str) -> Identifier:
    """The identity behind any common spelling of an email address or a phone number.

    Raises Invalid ``identifier_invalid``.
    """
    address = unicodedata.normalize("NFKC", text)
    return parse_email(address) if "@" in address else parse_phone(address)


def parse_email(text: str) -> Identifier:
    """Trimmed, NFKC, lower case, the domain in ASCII. Dots and tags mean what the provider says.

    Codes go to this form, so whoever reads them owns it, whatever was typed.
    """
    address = unicodedata.normalize("NFKC", text).strip().lower()
    local, _, domain = address.rpartition("@")
    try:
        # uts46 maps what browsers map: full-width dots, upper case, composed letters.
        ascii_domain = idna.encode(domain, uts46=True).decode()
        address = f"{local}@{ascii_domain}"
        validate_email(address)
    except (ValidationError, UnicodeError) as error:
        raise _invalid("email") from error
    if len(address) > _EMAIL_MAX_CHARS:
        raise _invalid("email")
    return Identifier("email", address)


def parse_phone(text: str) -> Identifier:
    """E.164. Without a prefix the number is one of DEFAULT_PHONE_REGION's, if there is one."""
    digits = _dialled(text)
    region = settings.DEFAULT_PHONE_REGION or None
    if region is None and digits.startswith("00"):
        digits = "+" + digits[2:]
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException as error:
        raise _invalid("phone") from error
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if len(e164) <= _DIGITS_MIN or not phonenumbers.is_possible_number(number):
        raise _invalid("phone")
    if phonenumbers.number_type(number) in _REFUSED_TYPES:
        raise _invalid("phone")
    return Identifier("phone", e164)


def may_be_phone(text: str) -> bool:
    """Whether ``text`` could be meant as a phone number (a user name of digits looks like one)."""
    try:
        parse_phone(text)
    except Invalid:
        return False
    return True


def _dialled(text: str) -> str:
    """Only plus and digits, in any script; what people put between them is dropped.

    Letters are refused: the library would read "abc12345" as a number.
    """
    kept = []
    for character in unicodedata.normalize("NFKC", text).strip().lower().removeprefix("tel:"):
        category = unicodedata.category(character)
        if category == "Nd":
            kept.append(str(unicodedata.decimal(character)))
        elif character == "+" and not kept:
            kept.append(character)
        # Spaces, dashes, brackets, and the invisible marks that come along when pasting.
        elif category not in {"Zs", "Pd", "Ps", "Pe", "Cf"} and character not in "./\u00b7\u2212":
            raise _invalid("phone")
    return "".join(kept)


def _invalid(kind: Kind) -> Invalid:
    message = (
        "This is no email address."
        if kind == "email"
        else "This is no phone number. Begin with + and the country's prefix."
    )
    return Invalid("identifier_invalid", message, fields={"identifier": [message]})
