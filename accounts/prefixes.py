"""The dialling prefixes of the world, from phonenumbers' own tables."""

from functools import cache

import phonenumbers
from phonenumbers.geodata.locale import LOCALE_DATA

from accounts.payloads import PhonePrefix

#: Regions that the table of names lacks.
_NAMES = {"AC": "Ascension Island", "TA": "Tristan da Cunha", "XK": "Kosovo"}


@cache
def phone_prefixes() -> list[PhonePrefix]:
    """Every country that has telephone numbers, by English name; ``country`` is ISO 3166."""
    rows = [_row(region) for region in phonenumbers.SUPPORTED_REGIONS]
    return sorted(rows, key=lambda row: row["name"])


def _row(region: str) -> PhonePrefix:
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    example = example or phonenumbers.example_number(region)
    international = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return {
        "country": region,
        "name": _NAMES.get(region) or LOCALE_DATA[region]["en"],
        "prefix": f"+{phonenumbers.country_code_for_region(region)}",
        "example": phonenumbers.format_number(example, international) if example else "",
    }
