"""Identifiers: unique in a burst, ordered, and only read from what we have written."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from core.errors import NotFound
from core.ids import new_id, parse_id


def test_a_burst_over_threads_makes_no_id_twice() -> None:
    def burst(_: int) -> list[int]:
        return [new_id() for _ in range(5000)]

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(burst, range(8)))
    for of_one_thread in made:
        assert of_one_thread == sorted(of_one_thread)
    every = [one for of_one_thread in made for one in of_one_thread]
    assert len(set(every)) == len(every) == 40_000
    assert all(0 < one < 2**63 for one in every)


def test_ids_are_read_as_they_are_written() -> None:
    for one in (new_id(), 0, 1, 2**63 - 1):
        assert parse_id(str(one)) == one


@pytest.mark.parametrize(
    "text",
    ["", " ", "-1", "+1", "1.0", "1e3", "0x1", "1_000", " 1", "1\n", "1\0", "abc", "null",
     str(2**63), "9" * 19, "9" * 20, "9" * 5000, "\u0661", "\u00b2", "\uff11", "1; DROP TABLE"],
)  # fmt: skip
def test_what_never_was_an_id_is_not_found(text: str) -> None:
    with pytest.raises(NotFound):
        parse_id(text)
