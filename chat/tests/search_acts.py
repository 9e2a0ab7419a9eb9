"""How people search in tests."""

from typing import Any

from accounts.models import User
from chat.search.indexer import index_new
from connections.tests.acts import as_

SEARCH = "/api/v1/search/"


def search(user: User, q: str, **filters: Any) -> Any:
    """One answer over HTTP."""
    return as_(user).get(SEARCH, {"q": q, **filters})


def found(user: User, q: str, **filters: Any) -> list[str]:
    """The texts of all that is found, page after page, once everything is in the index."""
    index_new()
    texts: list[str] = []
    cursor = None
    while True:
        answer = search(user, q, **filters, **({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.content
        page = answer.json()
        texts += [result["message"]["text"] for result in page["results"]]
        cursor = page["next"]
        if cursor is None:
            return texts
