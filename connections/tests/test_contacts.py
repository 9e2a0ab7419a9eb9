"""The contact list, and removing people from it."""

from accounts.models import User
from connections.queries import are_connected
from connections.tests.acts import API, as_, ask, connect, make_person, told


def test_a_row_tells_who_and_since_when(alice: User, bob: User, carol: User) -> None:
    User.objects.filter(pk=bob.pk).update(about="Busy")
    connect(bob, alice)
    answer = as_(alice).get(API).json()
    (row,) = answer["results"]
    assert set(row) == {"user", "online", "last_seen", "chat", "since"}
    assert row["user"] == {
        "id": str(bob.pk),
        "username": "bob",
        "name": "Bob",
        "avatar_url": None,
        "about": "Busy",
    }
    assert row["chat"] is None
    assert answer["next"] is None
    assert list(answer["users"]) == [str(bob.pk)]
    assert as_(carol).get(API).json()["results"] == []


def test_about_is_hidden_from_everybody_if_wished(alice: User, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(about="Busy", privacy_about="nobody")
    connect(bob, alice)
    assert as_(alice).get(API).json()["results"][0]["user"]["about"] is None


def test_pages_hold_everybody_once_the_newest_first(alice: User) -> None:
    friends = [make_person(f"friend{number}") for number in range(7)]
    for friend in friends:
        connect(friend, alice)
    client, cursor, names = as_(alice), "", []
    while cursor is not None:
        answer = client.get(f"{API}?limit=3&cursor={cursor}").json()
        assert len(answer["users"]) == len(answer["results"]) <= 3
        names += [row["user"]["username"] for row in answer["results"]]
        cursor = answer["next"]
    assert names == [friend.username for friend in reversed(friends)]


def test_bad_pages_are_400(alice: User) -> None:
    client = as_(alice)
    for query in ("limit=0", "limit=101", "limit=x", "cursor=x", "cursor=W10"):
        assert client.get(f"{API}?{query}").status_code == 400, query
        assert client.get(f"{API}blocks/?{query}").status_code == 400, query


def test_a_page_takes_as_many_queries_for_one_as_for_thirty(
    alice: User, django_assert_num_queries: object
) -> None:
    connect(make_person("friend"), alice)
    client = as_(alice)
    # Connections and people; chats; presence: people, connections, blocks.
    with django_assert_num_queries(6):  # type: ignore[operator]
        client.get(API)
    for number in range(29):
        connect(make_person(f"friend{number}"), alice)
    with django_assert_num_queries(6):  # type: ignore[operator]
        assert len(client.get(API).json()["results"]) == 30


def test_removing_ends_it_for_both_and_tells_both(alice: User, bob: User) -> None:
    connect(bob, alice)
    assert as_(alice).delete(f"{API}{bob.pk}/").status_code == 204
    assert not are_connected(alice.pk, bob.pk)
    assert told(alice)[-1][0] == told(bob)[-1][0] == "connection:removed"
    assert told(alice)[-1][1]["user"] == str(bob.pk)
    assert told(bob)[-1][1]["user"] == str(alice.pk)
    assert as_(bob).get(API).json()["results"] == []


def test_only_a_connection_can_be_removed(alice: User, bob: User, carol: User) -> None:
    connect(bob, alice)
    ask(carol, alice)
    for other in (carol, alice):
        assert as_(alice).delete(f"{API}{other.pk}/").status_code == 404
    assert as_(carol).delete(f"{API}{bob.pk}/").status_code == 404
    assert as_(bob).delete(f"{API}{alice.pk}/").status_code == 204
    assert as_(bob).delete(f"{API}{alice.pk}/").status_code == 404


def test_removed_people_may_connect_again(alice: User, bob: User) -> None:
    connect(bob, alice)
    as_(alice).delete(f"{API}{bob.pk}/")
    connect(alice, bob)
    assert are_connected(alice.pk, bob.pk)
