"""What is found: by words, by filters, page after page; and never what one may not see."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from chat.actions.clearing import clear_chat
from chat.actions.removals import delete_for_everyone, delete_for_me
from chat.models import Chat, Membership, Message, SearchEntry
from chat.search.indexer import index_new
from chat.tests.acts import make_chat, make_friends, make_group, mark, post
from chat.tests.group_acts import add, code_of, remove
from chat.tests.search_acts import SEARCH, found, search
from chat.tests.test_attachments import history, send, upload
from chat.tests.test_visibility import opened
from connections.tests.acts import as_
from core.clock import now
from media.tests.acts import work
from media.tests.conftest import empty_directory
from media.tests.samples import jpeg
from realtime.tests.published import Published

__all__ = ["empty_directory"]

pytestmark = pytest.mark.django_db

#: What is said, and queries of which each finds just that.
SAID = {
    "Die Straße ist gesperrt": ["strasse", "STRAS", "straße gesp", '"die strasse"', "gesperrt ist"],
    "Crème brûlée for dessert": ["creme", "crème", "BRULEE", "brule", "dessert creme"],
    "We met at the café, re-opened": ["cafe", "re-open"],
    "明日、東京都へ行く": ["東京", "京都へ", "東", "行く", "明日 東京"],
    "ﾊﾟｰﾃｨｰ is a party": ["パーティー", "パ", "part"],
    "안녕하세요 여러분": ["안녕", "하세요", "여러", "녕"],
    "สวัสดีครับ": ["สวัสดี", "ครับ"],
    "Привет, Алёна!": ["привет", "алена", "АЛЁ"],
    "مُحَمَّد وصل": ["محمد", "وصل"],
    "Σίσυφος": ["σισυφοσ", "ΣΊΣΥ"],
    "🎉🎉 at last": ["🎉", "at last"],
    "mail bob@example.org today": ["bob@example.org", "example.org", "bob@ex"],
    "version 3.14 of it": ["3.14", "version 3"],
}
NOTHING = [
    "zzz",
    "rasse",
    '"ist die"',
    "東都",
    "京東",
    "gesperrt dessert",
    '"crem"',
    "!?",
    "...",
    '"',
]


def test_words_are_found_however_they_are_spelt(alice: User, bob: User, chat: str) -> None:
    for text in SAID:
        post(bob, chat, text)
    index_new()
    for text, queries in SAID.items():
        for query in queries:
            assert found(alice, query) == [text], query
    for query in NOTHING:
        assert found(alice, query) == [], query


def test_the_server_says_that_it_can_search(alice: User) -> None:
    assert "search" in as_(alice).get("/api/v1/server/").json()["features"]


def test_an_answer_has_the_message_as_its_reader_sees_it(alice: User, bob: User, chat: str) -> None:
    post(alice, chat, "see you at the ﬁne café")
    mark(bob, chat, "seen", 1)
    index_new()
    page = search(alice, "fi cafe").json()
    (result,) = page["results"]
    assert (result["chat"], result["highlights"]) == (chat, [[15, 1], [19, 4]])
    assert result["message"]["id"] == f"{chat}-1" and result["message"]["status"] == "seen"
    assert page["next"] is None
    assert page["users"][str(alice.pk)]["username"] == "alice"
    (result,) = search(bob, "cafe").json()["results"]
    assert result["message"]["status"] is None


def test_what_else_a_message_says_is_found(alice: User, bob: User, chat: str) -> None:
    poll = {"question": "Which museum?", "options": ["Dinosaurs", "Trains"]}
    post(bob, chat, "", kind="poll", content=poll)
    place = {"lat": 1.5, "lon": 2.5, "name": "Old harbour"}
    post(bob, chat, "", kind="location", content=place)
    post(bob, chat, "", kind="contact", content={"name": "Doctor Müller", "phones": ["+49 30 1"]})
    index_new()
    kinds = {"museum": "poll", "dino": "poll", "harbour": "location", "muller": "contact"}
    for query, kind in kinds.items():
        (result,) = search(alice, query).json()["results"]
        assert (result["message"]["kind"], result["highlights"]) == (kind, [])
    # What ends one text and begins the next stands not side by side.
    assert found(alice, '"museum dinosaurs"') == [] and len(found(alice, "museum dinosaurs")) == 1


def test_a_message_is_found_by_the_names_of_its_files(
    alice: User, bob: User, chat: str, published: Published
) -> None:
    report = upload(bob, name="Rapport-Q3_Müller.txt")
    send(bob, chat, report, upload(bob, jpeg(), "Sunset.png"), text="as promised")
    for query in ("rapport", "q3 muller", "sunset.png", "promised sunset"):
        assert found(alice, query) == ["as promised"], query
    # Names are not in the text.
    (result,) = search(alice, "promised sunset").json()["results"]
    assert result["highlights"] == [[3, 8]]
    work()  # it is written anew, under another name
    assert history(alice, chat)[0]["attachments"][1]["name"] == "Sunset.jpg"
    assert (found(alice, "sunset.jpg"), found(alice, "sunset.png")) == (["as promised"], [])
    delete_for_everyone(bob.pk, chat, 1)
    assert found(alice, "sunset") == []


def test_the_newest_come_first_page_after_page(alice: User, bob: User, chat: str) -> None:
    group = make_group(alice, bob)
    said = []
    for n in range(25):
        said.append(f"word {n}")
        post((alice, bob)[n % 2], (chat, group)[n % 3 == 0], said[-1])
    assert found(alice, "wor", limit=4) == said[::-1]
    first = search(alice, "wor", limit=10).json()
    post(bob, chat, "word, a new one")
    index_new()
    second = search(alice, "wor", limit=10, cursor=first["next"]).json()
    texts = [one["message"]["text"] for one in first["results"] + second["results"]]
    assert texts == said[::-1][:20]
    assert found(alice, "wor", limit=100)[0] == "word, a new one"


def test_a_page_takes_as_many_queries_whatever_is_on_it(alice: User, bob: User, chat: str) -> None:
    post(alice, chat, "lonely")
    groups = [make_group(alice, bob, name=f"{n}") for n in range(4)]
    for n in range(60):
        post((alice, bob)[n % 2], groups[n % 4], f"many {n}")
    index_new()

    def queries(q: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert search(alice, q).status_code == 200
        return len(captured)

    assert queries("many") == queries("lonely")


def test_filters_narrow_a_search(alice: User, bob: User, chat: str) -> None:
    group = make_group(alice, bob)
    post(alice, chat, "word by alice")
    post(bob, chat, "word by bob")
    post(bob, group, "word in the group")
    poll = {"question": "word?", "options": ["a", "b"]}
    post(bob, group, "word of the poll", kind="poll", content=poll)
    assert found(alice, "word", chat=chat) == ["word by bob", "word by alice"]
    assert found(alice, "word", **{"from": str(alice.pk)}) == ["word by alice"]
    assert found(alice, "word", chat=group, kind="text") == ["word in the group"]
    assert found(alice, "word", kind="poll") == ["word of the poll"]
    assert found(alice, "word", kind="system") == []
    # A parameter without a value is none.
    empty = {"chat": "", "from": "", "kind": "", "before": "", "after": "", "order": ""}
    assert len(found(alice, "word", **empty)) == 4


def put(chat: str, sender: User, texts: dict[int, tuple[str, datetime]]) -> None:
    """Messages with ids of our choice."""
    Message.objects.bulk_create(
        Message(id=id, chat_id=int(chat), seq=seq, sender=sender, text=text, created_at=at)
        for seq, (id, (text, at)) in enumerate(texts.items(), 1)
    )


def test_dates_narrow_a_search_wherever_they_stand(alice: User, bob: User, chat: str) -> None:
    """Ids need not be in the order of the times, as after an import."""
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    days = [3, 1, 2, 5, 4]
    # In blocks of ids far from each other.
    put(chat, bob, {
        n * 100_000 + 1: (f"word {day}", noon + timedelta(days=day - 1))
        for n, day in enumerate(days)
    })  # fmt: skip
    assert found(alice, "word") == ["word 4", "word 5", "word 2", "word 1", "word 3"]
    assert found(alice, "word", after="2026-01-03") == ["word 4", "word 5", "word 3"]
    assert found(alice, "word", before="2026-01-02") == ["word 1"]
    assert found(alice, "word", before="2026-01-02T12:00:00Z") == ["word 1"]
    assert found(alice, "word", before="2026-01-02T12:00:00.001Z") == ["word 2", "word 1"]
    times = {"after": "2026-01-02T14:00:00+02:00", "before": "2026-01-04"}
    assert found(alice, "word", **times) == ["word 2", "word 3"]
    assert found(alice, "word", after="2026-01-04", before="2026-01-02") == []
    for nowhen in ({"after": "2027-01-01"}, {"before": "2025-01-01"}):
        assert found(alice, "word", **nowhen) == []


def test_every_age_of_message_is_reached(alice: User, bob: User, chat: str) -> None:
    """Through blocks of every size."""
    ids = sorted({1, 2, *(4**n + d for n in range(6, 16) for d in (-1, 0, 5)), 3 * 10**9})
    put(chat, bob, {id: (f"id {id}", now()) for id in ids})
    assert found(alice, "id", limit=7) == [f"id {id}" for id in ids[::-1]]
    for id in ids[::6]:
        assert found(alice, f'"id {id}"') == [f"id {id}"]


def test_the_best_come_first_if_wanted(alice: User, bob: User, chat: str, settings: Any) -> None:
    for text in (
        "tea, and a cake",
        "tea tea tea",
        "no coffee",
        "tea with a lot of milk",
        "tea cake",
    ):
        post(bob, chat, text)
    by_relevance = found(alice, "tea cake", order="relevance", limit=1)
    assert by_relevance == ["tea cake", "tea, and a cake"]
    ranked = found(alice, "tea", order="relevance", limit=2)
    assert ranked[0] == "tea tea tea" and len(ranked) == len(set(ranked)) == 4
    settings.SEARCH_RANKED_MAX = 2
    assert set(found(alice, "tea", order="relevance")) == {"tea cake", "tea with a lot of milk"}


# --- Access --------------------------------------------------------------------------------------


def test_only_members_find_a_message(alice: User, bob: User, carol: User, chat: str) -> None:
    post(alice, chat, "canary")
    assert found(alice, "canary") == found(bob, "canary") == ["canary"]
    assert found(carol, "canary") == []
    assert found(carol, "canary", **{"from": str(alice.pk)}) == []
    assert code_of(search(carol, "canary", chat=chat)) == (404, "chat_not_found")


def test_who_leaves_finds_no_more_and_newcomers_only_what_follows(
    alice: User, bob: User, erin: User, group: str
) -> None:
    post(bob, group, "canary one")
    assert add(alice, group, erin).status_code in (200, 201)
    post(bob, group, "canary two")
    assert found(erin, "canary") == ["canary two"]
    assert found(bob, "canary") == ["canary two", "canary one"]
    remove(alice, group, bob)
    assert found(bob, "canary") == []
    assert code_of(search(bob, "canary", chat=group)) == (404, "chat_not_found")


def test_what_is_cleared_hidden_deleted_expired_or_said_by_nobody_is_not_found(
    alice: User, bob: User, chat: str, group: str
) -> None:
    for n in range(1, 6):
        post(bob, chat, f"canary {n}")
    index_new()
    delete_for_me(alice.pk, chat, 2)
    assert found(alice, "canary") == ["canary 5", "canary 4", "canary 3", "canary 1"]
    assert len(found(bob, "canary")) == 5
    delete_for_everyone(bob.pk, chat, 3)
    Message.objects.filter(chat_id=chat, seq=4).update(expires_at=now() - timedelta(seconds=1))
    assert found(alice, "canary") == ["canary 5", "canary 1"]
    clear_chat(alice.pk, chat)
    assert found(alice, "canary") == []
    assert found(bob, "canary") == ["canary 5", "canary 2", "canary 1"]
    assert found(alice, "created") == found(alice, "group") == []  # what the system says


def test_who_is_in_many_groups_finds_in_all(alice: User, bob: User, chat: str) -> None:
    """Beyond the number of groups of which the index is asked."""
    groups = Chat.objects.bulk_create(Chat(kind="group", name=f"{n}") for n in range(60))
    Membership.objects.bulk_create(Membership(chat=one, user=alice) for one in groups)
    Membership.objects.bulk_create(Membership(chat=one, user=bob) for one in groups[::2])
    for n, one in enumerate(groups):
        post(alice, str(one.pk), f"word {n}")
    post(bob, chat, "word in the direct chat")
    assert len(found(alice, "word")) == 61
    assert found(bob, "word") == [
        "word in the direct chat", *(f"word {n}" for n in range(58, -1, -2))
    ]  # fmt: skip


# --- Refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({}, "q"),
        ({"q": ""}, "q"),
        ({"q": " \n"}, "q"),
        ({"q": "x" * 201}, "q"),
        ({"q": "x", "kind": "nonsense"}, "kind"),
        ({"q": "x", "before": "yesterday"}, "before"),
        ({"q": "x", "after": "2026-13-01"}, "after"),
        ({"q": "x", "after": "2026-01-01T00:00:00"}, "after"),
        ({"q": "x", "after": "0001-01-01T00:00:00+14:00"}, "after"),
        ({"q": "x", "order": "random"}, "order"),
        ({"q": "x", "limit": "0"}, "limit"),
    ],
)
def test_bad_input_is_named(alice: User, params: dict[str, str], field: str) -> None:
    answer = as_(alice).get(SEARCH, params)
    assert code_of(answer) == (400, "invalid")
    assert list(answer.json()["error"]["fields"]) == [field]


@pytest.mark.parametrize("order", ["newest", "relevance"])
def test_a_foreign_cursor_is_refused(alice: User, chat: str, order: str) -> None:
    for cursor in ("WyJhIl0", "WzFd" if order == "relevance" else "WzAuNSwxXQ", "bnVsbA", "x"):
        answer = search(alice, "x", order=order, cursor=cursor)
        assert code_of(answer) == (400, "cursor_invalid"), cursor


def test_strangers_hear_only_that_there_is_no_such_chat(carol: User, chat: str) -> None:
    for params in ({"q": ""}, {"q": "x", "before": "never"}, {"q": "x", "limit": "x"}):
        assert code_of(search(carol, chat=chat, **params)) == (404, "chat_not_found")
    for id in ("0", "x", "9" * 40, "\0"):
        assert code_of(search(carol, "x", chat=id)) == (404, "chat_not_found")
        assert search(carol, "x", **{"from": id}).json()["results"] == []


def test_strange_queries_find_nothing(alice: User, chat: str) -> None:
    post(alice, chat, "word")
    strange = ["\0", "'", "\\", "' | '", "!word:*&", ":*", "w\0rd", "%s", "{}", "a:*b", "word" * 40]
    strange += ["\ud7ff\u200d", "x " * 100, '"' * 200, "\u0301" * 50, "東" * 200, "a-" * 100]
    for query in strange:
        assert found(alice, query) in ([], ["word"]), query


@pytest.mark.django_db(transaction=True)
def test_a_search_that_takes_too_long_is_refused(
    alice: User, bob: User, chat: str, settings: Any
) -> None:
    post(bob, chat, "word")
    index_new()
    settings.SEARCH_TIMEOUT_MS = 100

    def hold_the_table() -> None:
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE chat_hidden")

    with opened(hold_the_table):
        assert code_of(search(alice, "word")) == (503, "search_too_slow")
    assert found(alice, "word") == ["word"]


def test_the_index_alone_opens_nothing(alice: User, carol: User, chat: str) -> None:
    """Keys that say that a message is the searcher's own are not believed."""
    post(alice, chat, "canary")
    own = make_chat(carol, make_friends(carol, 1)[0])
    post(carol, own, "canary of carol")
    index_new()
    entries = list(SearchEntry.objects.order_by("pk"))
    SearchEntry.objects.filter(pk=entries[0].pk).update(keys=entries[1].keys)
    assert found(carol, "canary") == ["canary of carol"]
