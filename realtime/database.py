"""Asynchronous PostgreSQL connections of the loop, beside Django's pool (which is synchronous)."""

from typing import Any

import psycopg
from django.db import connections


async def connect(name: str, **options: str) -> "psycopg.AsyncConnection[Any]":
    """A connection to Django's database, in autocommit; ``options`` are server settings.

    The parameters are read at connect time, so that it follows the test database.
    """
    parameters = connections["default"].get_connection_params()
    for unwanted in ("cursor_factory", "context", "server_side_binding", "prepare_threshold"):
        parameters.pop(unwanted, None)
    extra = " ".join(f"-c {key}={value}" for key, value in options.items())
    parameters["options"] = f"{parameters.get('options', '')} {extra}".strip()
    parameters["application_name"] = f"chatproject {name}"
    parameters.setdefault("connect_timeout", 5)
    return await psycopg.AsyncConnection.connect(**parameters, autocommit=True)
