"""Everything that a server keeps, searched for a text: tables, Valkey, files and logs."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import redis
from psycopg import sql

from chatproject import embedded
from chatproject.embedded import paths
from tests.server import Server

_TABLES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    AND n.nspname NOT LIKE 'pg_toast%'
ORDER BY 1, 2
"""


def database(server: Server) -> "psycopg.Connection[tuple[object, ...]]":
    """A connection to its PostgreSQL."""
    found = embedded.database_settings(server.data_dir)
    return psycopg.connect(
        host=found["HOST"], user=found["USER"], dbname=found["NAME"], autocommit=True
    )


def tables_with(server: Server, text: str) -> dict[str, int]:
    """The tables in which a text stands, in any column and in bytes too, and in how many rows."""
    found = {}
    with database(server) as connection:
        for schema, table in connection.execute(_TABLES).fetchall():
            query = sql.SQL(
                "SELECT count(*) FROM {table} t"
                " WHERE strpos(lower(t::text), %s) > 0 OR strpos(t::text, %s) > 0"
            ).format(table=sql.Identifier(str(schema), str(table)))
            row = connection.execute(query, [text.lower(), text.encode().hex()]).fetchone()
            if row is not None and row[0]:
                found[str(table)] = int(str(row[0]))
    return found


def keys_with(server: Server, text: str) -> list[bytes]:
    """The keys of Valkey in which, or under which, a text stands."""
    wanted = text.encode()
    with redis.Redis.from_url(embedded.redis_url(server.data_dir)) as client:
        return [key for key in client.scan_iter() if wanted in key or wanted in _value(client, key)]


def _value(client: "redis.Redis", key: bytes) -> bytes:
    match client.type(key):
        case b"string":
            value: object = client.get(key)
        case b"hash":
            value = client.hgetall(key.decode())
        case b"list":
            value = client.lrange(key, 0, -1)
        case b"set":
            value = client.smembers(key)
        case b"zset":
            value = client.zrange(key, 0, -1)
        case b"stream":
            value = client.xrange(key)
        case other:
            raise AssertionError(f"a key of a type that nobody can look into: {other!r}")
    return repr(value).encode()


def files_with(server: Server, *texts: str) -> list[str]:
    """The files of DATA_DIR in which, or in whose names, one of some texts stands.

    Not those of PostgreSQL itself, whose pages hold dead rows until they are used again; and not
    the outbox, which is there in development only.
    """
    left_out = {paths.of(server.data_dir).postgres, server.data_dir / "outbox.jsonl"}
    wanted = [text.encode() for text in texts]
    return [
        str(path.relative_to(server.data_dir))
        for path in _files(server.data_dir, left_out)
        if any(one in str(path).encode() or one in path.read_bytes() for one in wanted)
    ]


def _files(directory: Path, left_out: set[Path]) -> Iterator[Path]:
    for path in directory.iterdir():
        if path in left_out or path.is_symlink():
            continue
        if path.is_dir():
            yield from _files(path, left_out)
        elif path.is_file():
            yield path


def log_lines_with(server: Server, text: str) -> list[str]:
    """What its log says of a text, save the codes that it prints in development."""
    printed = ("[email to ", "[sms to ")
    lines = [line for line in server.log().splitlines() if text in line]
    return [line for line in lines if not any(one in line for one in printed)]
