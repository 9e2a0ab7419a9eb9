"""The dialling prefixes of the world, from phonenumbers' own tables."""

import importlib.util
from functools import cache
from pathlib import Path

import phonenumbers

from accounts.payloads import PhonePrefix

#: Regions that the table of names lacks.
_NAMES = {"AC": "Ascension Island", "TA": "Tristan da Cunha", "XK": "Kosovo"}


@cache
def phone_prefixes() -> list[PhonePrefix]:
    """Every country that has telephone numbers, by English name; ``country`` is ISO 3166."""
    names = _english_names()
    rows = [_row(region, names[region]) for region in phonenumbers.SUPPORTED_REGIONS]
    return sorted(rows, key=lambda row: row["name"])


def _english_names() -> dict[str, str]:
    # Only this module: importing its package loads all geographic tables, in three seconds.
    path = Path(phonenumbers.__file__).parent / "geodata" / "locale.py"
    spec = importlib.util.spec_from_file_location("phonenumbers.geodata.locale", path)
    assert spec is not None and spec.loader is not None
    locale = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(locale)
    # "*aa" stands for the same name as in the language aa.
    english = {
        region: names[names["en"][1:]] if names["en"].startswith("*") else names["en"]
        for region, names in locale.LOCALE_DATA.items()
    }
    return english | _NAMES


def _row(region: str, name: str) -> PhonePrefix:
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    example = example or phonenumbers.example_number(region)
    international = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return {
        "country": region,
        "name": name,
        "prefix": f"+{phonenumbers.country_code_for_region(region)}",
        "example": phonenumbers.format_number(example, international) if example else "",
    }
