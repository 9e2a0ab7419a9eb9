"""Two web processes whose database and cache the test holds in its hands."""

from tests.client import Person, Socket, eventually
from tests.parts import own_postgres, own_valkey
from tests.server import Server, migrated_data_dir, new_data_dir


class Cluster:
    """A server with WEB_PROCESSES=2, a PostgreSQL and a Valkey of its own, all running."""

    def __init__(self) -> None:
        #: Where the database is, for the few things no client can do.
        self.postgres, database_url, self.database = own_postgres(migrated_data_dir())
        self.valkey, redis_url = own_valkey(new_data_dir())
        self.postgres.start()
        self.valkey.start()
        self.server = Server(
            new_data_dir(),
            DATABASE_URL=database_url,
            REDIS_URL=redis_url,
            WEB_PROCESSES="2",
            # So that the tests wait less.
            PRESENCE_GRACE="1",
            REFRESH_GRACE="1",
            DATABASE_POOL_TIMEOUT="1",
            WRITER_TIMEOUT_SECONDS="2",
        )

    def remove(self) -> None:
        """Stops everything and deletes the data."""
        self.server.remove()
        self.valkey.remove()
        self.postgres.remove()


def web_of(at: Socket, server: Server) -> int:
    """The pid of the web process at the other end of a socket."""
    port = at.connection.local_address[1]
    for web in server.parts("web"):
        peers = [found.raddr for found in web.net_connections("tcp") if found.status != "LISTEN"]
        if port in {peer.port for peer in peers}:
            return int(web.pid)
    raise AssertionError("no web process has this connection")


async def sockets_on_both(person: Person) -> dict[int, Socket]:
    """A socket of a person on each web process; the kernel chooses, so try until both serve."""
    found: dict[int, Socket] = {}

    async def are_on_both() -> bool:
        at = await person.socket()
        if web_of(at, person.server) in found:
            await at.close()
        else:
            found[web_of(at, person.server)] = at
        return len(found) == 2

    await eventually(are_on_both, every=0.001)
    return dict(sorted(found.items()))
