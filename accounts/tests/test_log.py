"""The personal log: positions without holes, in commit order."""

from threading import Event, Thread

import pytest
from django.db import connection, transaction

from accounts.log import bounds, events_after, head, tell, tell_each
from accounts.models import User
from accounts.tests.acts import at_once

pytestmark = pytest.mark.django_db(transaction=True)


EVENT = "user:erased"


def about(user: str) -> dict[str, str]:
    return {"user": user}


def abouts(user: User) -> list[str]:
    return [row.data["user"] for row in events_after(user.pk, 0, 99)]


def test_positions_count_up(alice: User) -> None:
    assert [tell(alice.pk, EVENT, about(str(n))) for n in range(3)] == [1, 2, 3]
    rows = events_after(alice.pk, 1, 10)
    assert [(row.position, row.event, row.data) for row in rows] == [
        (2, EVENT, {"user": "1"}),
        (3, EVENT, {"user": "2"}),
    ]
    assert len(events_after(alice.pk, 0, 2)) == 2
    assert (head(alice.pk), bounds(alice.pk)) == (3, (0, 3))


def test_telling_many_takes_a_place_in_each_log(alice: User, bob: User) -> None:
    tell(bob.pk, EVENT, about("before"))
    nobody = 7
    entries = {
        bob.pk: (EVENT, about("for bob")),
        alice.pk: (EVENT, about("for alice")),
        nobody: (EVENT, about("for nobody")),
    }
    assert tell_each(entries) == {alice.pk: 1, bob.pk: 2}
    assert abouts(alice) == ["for alice"]
    assert abouts(bob) == ["before", "for bob"]
    assert tell_each({}) == {}


def test_twenty_at_once_leave_no_hole(alice: User, bob: User) -> None:
    def act(number: int) -> int:
        # Half of them name the two the other way round: the locks are taken in one order.
        pair = [alice.pk, bob.pk] if number % 2 else [bob.pk, alice.pk]
        return tell_each({user_id: (EVENT, about("x")) for user_id in pair})[alice.pk]

    assert sorted(at_once(20, act)) == list(range(1, 21))
    assert [row.position for row in events_after(bob.pk, 0, 99)] == list(range(1, 21))


def test_no_reader_skips_a_later_commit(alice: User) -> None:
    """The second waits for the first: who reads its position can read all before it."""
    done = Event()

    def second() -> None:
        tell(alice.pk, EVENT, about("second"))
        done.set()
        connection.close()

    thread = Thread(target=second)
    with transaction.atomic():
        tell(alice.pk, EVENT, about("first"))
        thread.start()
        assert not done.wait(0.3)
        assert not events_after(alice.pk, 1, 10)
    thread.join()
    assert abouts(alice) == ["first", "second"]


def test_rolled_back_positions_are_handed_out_again(alice: User) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(alice.pk, EVENT, about("lost"))
        raise ZeroDivisionError
    assert tell(alice.pk, EVENT, about("kept")) == 1
