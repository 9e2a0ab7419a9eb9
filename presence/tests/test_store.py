"""Who counts as online, against a real Valkey; the clock is a number."""

from functools import partial

import pytest

from connections.tests.acts import at_once
from presence import store
from presence.store import Socket
from realtime.redis import sync_client

PHONE, LAPTOP, TAB = Socket(7, "1:web:1"), Socket(7, "2:web:2"), Socket(7, "2:other:1")
AT = 1_800_000_000.0


def test_the_first_socket_brings_a_person_online() -> None:
    assert store.online([7], AT) == set()
    assert store.touch([PHONE], AT) == {7}
    assert store.touch([PHONE], AT + 25) == set()
    assert store.touch([LAPTOP, TAB], AT + 26) == set()
    assert store.online([7, 8], AT + 26) == {7}


def test_an_empty_question_has_an_empty_answer() -> None:
    assert store.online([], AT) == set()
    assert store.touch([], AT) == set()
    assert store.pop_expired(AT) == []


def test_a_heartbeat_keeps_a_person_online() -> None:
    store.touch([PHONE], AT)
    store.touch([PHONE], AT + 60)
    assert store.pop_expired(AT + 120) == []
    assert store.online([7], AT + 120) == {7}


def test_after_goodbye_there_is_a_grace() -> None:
    store.touch([PHONE], AT)
    store.leave([PHONE], AT + 10)
    assert store.online([7], AT + 14.9) == {7}
    assert store.pop_expired(AT + 14.9) == []
    (gone,) = store.pop_expired(AT + 15)
    assert (gone.user_id, gone.last_active) == (7, AT + 10)
    assert store.online([7], AT + 15) == set()


def test_coming_back_within_the_grace_is_no_news() -> None:
    store.touch([PHONE], AT)
    store.leave([PHONE], AT + 10)
    assert store.touch([LAPTOP], AT + 12) == set()
    assert store.pop_expired(AT + 20) == []
    assert store.online([7], AT + 20) == {7}


def test_another_device_holds_a_person_online() -> None:
    store.touch([PHONE, LAPTOP], AT)
    store.leave([PHONE], AT + 1)
    assert store.pop_expired(AT + 30) == []
    store.leave([LAPTOP], AT + 40)
    (gone,) = store.pop_expired(AT + 45)
    assert gone.last_active == AT + 40


def test_a_tab_in_another_process_holds_the_device() -> None:
    store.touch([LAPTOP, TAB], AT)
    store.leave([LAPTOP], AT + 1)
    assert store.pop_expired(AT + 30) == []
    assert store.online([7], AT + 30) == {7}


def test_a_crash_leaves_nobody_online() -> None:
    store.touch([PHONE], AT)
    store.touch([PHONE], AT + 20)
    assert store.pop_expired(AT + 89) == []
    assert store.online([7], AT + 90) == set()
    (gone,) = store.pop_expired(AT + 90)
    assert (gone.user_id, gone.last_active) == (7, AT + 20)
    assert store.pop_expired(AT + 91) == []


def test_a_crashed_socket_beside_a_live_one_changes_nothing() -> None:
    store.touch([PHONE, LAPTOP], AT)
    store.touch([LAPTOP], AT + 50)
    assert store.pop_expired(AT + 100) == []
    store.leave([LAPTOP], AT + 100)
    (gone,) = store.pop_expired(AT + 120)
    assert gone.user_id == 7


def test_a_goodbye_that_crossed_a_hello_does_not_end_it() -> None:
    store.touch([PHONE], AT)
    # Another process is between the two steps of `leave` when LAPTOP appears.
    store.leave([PHONE], AT + 10)
    store.touch([LAPTOP], AT + 10)
    sync_client().zadd("presence:{7}:online", {"7": AT + 15}, xx=True)
    assert store.pop_expired(AT + 16) == []
    assert store.online([7], AT + 16) == {7}


def test_a_goodbye_of_nobody_brings_nobody_online() -> None:
    store.leave([PHONE], AT)
    assert store.online([7], AT) == set()
    assert store.pop_expired(AT + 100) == []


def test_of_two_sweepers_one_gets_each_person() -> None:
    sockets = [Socket(user_id, "1:web:1") for user_id in range(1, 400)]
    store.touch(sockets, AT)
    swept = at_once([partial(store.pop_expired, AT + 100)] * 4)
    ids = [gone.user_id for portion in swept for gone in portion]
    assert sorted(ids) == list(range(1, 400))


def test_of_two_hellos_one_is_the_first() -> None:
    hellos = [[Socket(7, f"{number}:web:1")] for number in range(8)]
    came = at_once([partial(store.touch, hello, AT) for hello in hellos])
    assert sorted(came, key=len) == [set()] * 7 + [{7}]


def test_who_comes_back_during_a_sweep_stays() -> None:
    store.touch([PHONE], AT)
    gone = store.pop_expired(AT + 100)
    assert store.touch([PHONE], AT + 100) == {7}
    assert store.still_gone(gone, AT + 100) == []
    assert store.online([7], AT + 100) == {7}


def test_a_sweep_that_fails_leaves_its_people_to_the_next() -> None:
    store.touch([PHONE], AT)
    gone = store.pop_expired(AT + 100)
    store.put_back(gone)
    assert store.pop_expired(AT + 101) == gone


def test_an_emptied_server_is_filled_by_heartbeats_and_nobody_goes_offline() -> None:
    store.touch([PHONE], AT)
    sync_client().flushdb()
    assert store.pop_expired(AT + 200) == []
    assert store.touch([PHONE], AT + 201) == {7}
    assert store.online([7], AT + 201) == {7}


def test_keys_do_not_outlive_their_people() -> None:
    store.touch([PHONE], AT)
    assert sync_client().ttl("presence:{7}:s:7") == 140


@pytest.mark.parametrize("count", [1, 500])
def test_a_mass_disconnect_comes_in_portions(count: int) -> None:
    sockets = [Socket(user_id * store.SHARDS, "1:web:1") for user_id in range(1, count + 1)]
    store.touch(sockets, AT)
    swept = [len(store.pop_expired(AT + 100)) for _ in range(6)]
    assert sum(swept) == count
    assert max(swept) <= 100
