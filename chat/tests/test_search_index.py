"""The index follows what is said, changed and taken back, whoever commits when."""

from collections.abc import Callable
from functools import partial
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.erasure import erase
from accounts.models import User
from accounts.tests.acts import clear_erased
from chat.actions.edits import edit_message
from chat.actions.expiry import expire_messages
from chat.actions.removals import delete_for_everyone
from chat.models import Message, SearchBlock, SearchEntry, SearchProgress
from chat.search import indexer
from chat.search.indexer import index_new
from chat.tests.acts import fill, make_chat, make_friends, post
from chat.tests.search_acts import found, search
from chat.tests.test_visibility import opened, wait_until_blocked
from connections.tests.acts import at_once
from core.clock import now

pytestmark = pytest.mark.django_db(transaction=True)


def progress() -> SearchProgress:
    """How far the index is complete."""
    return SearchProgress.objects.get()


def words_of(chat: str, seq: int) -> str:
    """The words by which a message is in the index."""
    return str(SearchEntry.objects.get(message__chat_id=chat, message__seq=seq).words)


def texts(user: User, q: str) -> list[str]:
    """What is found without bringing the index up to date before."""
    return [one["message"]["text"] for one in search(user, q).json()["results"]]


def test_what_is_in_the_index_is_not_looked_at_again(alice: User, bob: User, chat: str) -> None:
    post(alice, chat, "one")
    assert index_new() == 1
    post(bob, chat, "two")
    assert [index_new() for _ in range(3)] == [1, 0, 0]
    assert progress().upto == Message.objects.latest("pk").pk
    post(bob, chat, "three")
    assert index_new() == 1


def test_a_message_that_commits_late_is_found(alice: User, bob: User) -> None:
    """Its id is lower than that of messages which have long been in the index."""
    friend = make_friends(alice, 1)[0]
    slow, fast = make_chat(alice, bob), make_chat(alice, friend)
    with opened(partial(post, bob, slow, "word, late")) as (late,):
        for n in range(4):
            post(friend, fast, f"word {n}")
            index_new()
        assert progress().upto < Message.objects.earliest("pk").pk
        assert len(texts(alice, "word")) == 4
        late.finish()
    assert index_new() == 1
    assert texts(alice, "word")[-1] == "word, late"
    for _ in range(3):
        assert index_new() == 0
    assert progress().upto == Message.objects.latest("pk").pk


def test_a_message_that_is_rolled_back_holds_nothing_up(alice: User, bob: User, chat: str) -> None:
    with opened(partial(post, alice, chat, "never"), fails=True) as (one,):
        one.finish()
    post(bob, chat, "word")
    assert found(alice, "word") == ["word"] and found(alice, "never") == []
    index_new()
    assert progress().upto == Message.objects.latest("pk").pk


def test_two_indexers_share_the_work(alice: User, bob: User, chat: str, settings: Any) -> None:
    settings.SEARCH_INDEX_BATCH = 20
    fill(chat, bob, 200)
    added = at_once([index_new] * 3)
    assert sum(added) == 200 and SearchEntry.objects.count() == 200
    assert at_once([index_new] * 3) == [0, 0, 0]


def test_the_newest_of_a_backlog_come_first(
    alice: User, bob: User, chat: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SEARCH_INDEX_BATCH = 20
    # A first look that a busy machine makes long would leave time for all.
    monkeypatch.setattr(indexer, "_LOOKS", 0)
    fill(chat, bob, 2000)
    assert index_new(0) == 20
    assert texts(alice, "2000") == ["message 2000"] and texts(alice, '"message 1"') == []
    post(bob, chat, "word")
    index_new(0)
    assert texts(alice, "word") == ["word"]
    while index_new(0):
        pass
    assert texts(alice, '"message 1"') == ["message 1"]
    assert SearchEntry.objects.count() == 2001


# --- Changes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_indexed", [True, False])
def test_an_edited_message_is_found_by_what_it_says_now(
    alice: User, bob: User, chat: str, is_indexed: bool
) -> None:
    post(bob, chat, "before")
    if is_indexed:
        index_new()
    edit_message(bob.pk, chat, 1, "after")
    assert texts(alice, "before") == [] and texts(alice, "after") == ["after"]
    assert found(alice, "before") == [] and found(alice, "after") == ["after"]
    # By its date, too.
    assert found(alice, "after", after="2020-01-01", before="2100-01-01") == ["after"]


Change = Callable[[User, str], Any]
CHANGES: dict[str, Change] = {
    "edited": lambda bob, chat: edit_message(bob.pk, chat, 1, "after"),
    "deleted": lambda bob, chat: delete_for_everyone(bob.pk, chat, 1),
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_indexer_beside_a_change_does_not_bring_back_what_was(
    alice: User, bob: User, chat: str, change: str
) -> None:
    """It has read the message as it was, and waits for the commit before it writes."""
    post(bob, chat, "before")
    with opened(partial(CHANGES[change], bob, chat), index_new) as (changing, indexing):
        wait_until_blocked(indexing, changing)
        changing.finish()
        indexing.finish()
    assert words_of(chat, 1) == ("'after':1" if change == "edited" else "")
    assert found(alice, "before") == []


def test_an_edit_beside_the_indexer_wins(alice: User, bob: User, chat: str) -> None:
    post(bob, chat, "before")
    with opened(index_new, partial(CHANGES["edited"], bob, chat)) as (indexing, editing):
        wait_until_blocked(editing, indexing)
        indexing.finish()
        editing.finish()
    assert found(alice, "before") == [] and found(alice, "after") == ["after"]


def test_nothing_of_what_is_gone_stays_in_the_index(alice: User, bob: User, chat: str) -> None:
    for n in range(4):
        post(bob, chat, f"canary {n}")
    index_new()
    post(bob, chat, "canary, not in the index yet")
    delete_for_everyone(bob.pk, chat, 1)
    Message.objects.filter(chat_id=chat, seq=2).update(expires_at=now())
    expire_messages(now())
    assert [words_of(chat, seq) for seq in (1, 2)] == ["", ""]
    assert SearchEntry.objects.get(message__seq=1).keys == []
    erase(bob.pk)
    assert texts(alice, "canary") == []  # at once, whatever the index still has
    clear_erased()
    index_new()
    assert set(SearchEntry.objects.values_list("words", flat=True)) == {""}
    assert SearchEntry.objects.count() == 5


# --- Making it anew ------------------------------------------------------------------------------


def test_a_lost_index_is_made_anew(alice: User, bob: User, chat: str) -> None:
    fill(chat, bob, 10)
    index_new()
    index_new()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE chat_searchentry")
    edit_message(bob.pk, chat, 9, "message, edited")  # makes an entry before anybody has noticed
    assert index_new() == 9
    assert len(found(alice, "message")) == 10


def test_progress_of_another_server_is_not_believed(alice: User, bob: User, chat: str) -> None:
    post(bob, chat, "one")
    index_new()
    SearchProgress.objects.update(next_xid=2**60)
    for _ in range(2):
        index_new()
    assert progress().upto == Message.objects.get().pk


def test_the_command_brings_the_index_up_to_date_or_makes_it_anew(
    alice: User, bob: User, chat: str
) -> None:
    def run(*options: str) -> str:
        out = StringIO()
        call_command("index_search", *options, stdout=out)
        return out.getvalue().strip()

    fill(chat, bob, 30)
    assert run() == "30 messages indexed"
    assert run() == "0 messages indexed"
    SearchEntry.objects.update(keys=[], words="")
    SearchBlock.objects.all().delete()
    assert texts(alice, "message") == []
    assert run("--rebuild") == "30 messages indexed"
    assert len(found(alice, "message", after="2020-01-01")) == 30
