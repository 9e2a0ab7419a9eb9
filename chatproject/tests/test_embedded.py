"""The embedded PostgreSQL and Valkey, on real processes: nothing here needs Django."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
import redis

from chatproject import embedded
from chatproject.embedded import paths
from chatproject.embedded.postgres import ACCOUNT_VARIABLE
from chatproject.embedded.server import processes_in


def connect(data_dir: Path) -> psycopg.Connection[Any]:
    settings = embedded.database_settings(data_dir)
    return psycopg.connect(
        host=settings["HOST"], dbname=settings["NAME"], user=settings["USER"], autocommit=True
    )


def query(data_dir: Path, sql: str) -> Any:
    with connect(data_dir) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchone() if cursor.description else None


def postgres_processes(data_dir: Path) -> list[psutil.Process]:
    return processes_in(paths.of(data_dir).postgres, "postgres")


def postmaster(data_dir: Path) -> psutil.Process:
    pid_file = paths.of(data_dir).postgres / "postmaster.pid"
    return psutil.Process(int(pid_file.read_text().split("\n")[0]))


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    directory = tmp_path / "data"
    yield directory
    embedded.Postgres(directory).stop_left_overs()
    embedded.Valkey(directory).stop_left_overs()


def test_both_answer_inside_the_block_and_are_gone_after_it(data_dir: Path) -> None:
    with embedded.ensure_running(data_dir, fast=True):
        assert embedded.running(data_dir)
        assert query(data_dir, "SELECT current_setting('server_version_num')::int / 10000") == (18,)
        cache = redis.Redis.from_url(embedded.redis_url(data_dir))
        assert cache.set("key", "value")
        cache.connection_pool.disconnect()
    assert not embedded.running(data_dir)
    assert not postgres_processes(data_dir)
    assert not processes_in(paths.of(data_dir).valkey, "valkey")


def test_neither_listens_on_the_network(data_dir: Path) -> None:
    with embedded.ensure_running(data_dir, fast=True):
        running = postgres_processes(data_dir) + processes_in(paths.of(data_dir).valkey, "valkey")
        assert [process for process in running if process.net_connections("inet")] == []
        assert paths.of(data_dir).postgres_sockets.stat().st_mode & 0o077 == 0


def test_rows_survive_the_death_of_every_process(data_dir: Path) -> None:
    with embedded.ensure_running(data_dir, valkey=False):
        query(data_dir, "CREATE TABLE kept (n int)")
        query(data_dir, "INSERT INTO kept VALUES (1)")
        for process in postgres_processes(data_dir):
            process.kill()
    with embedded.ensure_running(data_dir, valkey=False):
        assert query(data_dir, "SELECT count(*) FROM kept") == (1,)


def test_a_busy_backend_of_a_dead_postmaster_does_not_block_the_next_start(data_dir: Path) -> None:
    with embedded.ensure_running(data_dir, valkey=False, fast=True):
        connection = connect(data_dir)
        busy = "SELECT count(*) FROM generate_series(1, 10000000000)"

        def work() -> None:
            with pytest.raises(psycopg.OperationalError):
                connection.execute(busy)

        working = threading.Thread(target=work)
        working.start()
        while query(data_dir, f"SELECT 1 FROM pg_stat_activity WHERE query = '{busy}'") is None:
            pass
        killed = postmaster(data_dir)
        killed.kill()
        killed.wait(5)
        again = embedded.Postgres(data_dir, fast=True).start(data_dir / "again.log")
        assert query(data_dir, "SELECT 1") == (1,)
        working.join()
        connection.close()
    assert again.wait(5) == 0


def test_a_pid_file_that_names_a_stranger_does_not_block_the_start(data_dir: Path) -> None:
    with embedded.ensure_running(data_dir, valkey=False, fast=True):
        pid_file = paths.of(data_dir).postgres / "postmaster.pid"
        lines = pid_file.read_text().split("\n")
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    with embedded.ensure_running(data_dir, valkey=False, fast=True):
        assert query(data_dir, "SELECT 1") == (1,)


def test_a_server_whose_owner_died_is_used_and_then_stopped(data_dir: Path) -> None:
    owner = (
        "import sys, os, signal; from pathlib import Path; from chatproject import embedded\n"
        "with embedded.ensure_running(Path(sys.argv[1]), fast=True):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)"
    )
    died = subprocess.run([sys.executable, "-c", owner, str(data_dir)])
    assert died.returncode == -signal.SIGKILL
    before = postmaster(data_dir).pid
    with embedded.ensure_running(data_dir, fast=True):
        assert postmaster(data_dir).pid == before
    assert not embedded.running(data_dir)


def test_a_living_old_server_is_replaced_by_a_new_start(data_dir: Path) -> None:
    data_dir.mkdir()
    first = embedded.Postgres(data_dir, fast=True).start(data_dir / "first.log")
    second = embedded.Postgres(data_dir, fast=True).start(data_dir / "second.log")
    assert first.wait(5) == 0
    assert postmaster(data_dir).pid == second.pid
    second.send_signal(signal.SIGINT)
    assert second.wait(5) == 0


def test_overlapping_users_share_the_servers_and_the_last_one_stops_them(data_dir: Path) -> None:
    first_user = (
        "import sys; from pathlib import Path; from chatproject import embedded\n"
        "with embedded.ensure_running(Path(sys.argv[1]), fast=True):\n"
        "    print('runs', flush=True)\n"
        "    sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", first_user, str(data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as first:
        assert first.stdout and first.stdout.readline() == "runs\n"
        pid = postmaster(data_dir).pid
        with embedded.ensure_running(data_dir, fast=True):
            first.communicate()
            assert first.returncode == 0
            assert query(data_dir, "SELECT 1") == (1,)
            assert postmaster(data_dir).pid == pid
    assert not embedded.running(data_dir)


def test_two_data_dirs_know_nothing_of_each_other(data_dir: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    with embedded.ensure_running(data_dir, fast=True):
        with embedded.ensure_running(other, fast=True):
            query(other, "CREATE TABLE only_there (n int)")
        assert query(data_dir, "SELECT to_regclass('only_there')") == (None,)


def test_a_start_that_was_killed_half_way_leaves_no_half_cluster(data_dir: Path) -> None:
    half = data_dir / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with embedded.ensure_running(data_dir, valkey=False, fast=True):
        assert query(data_dir, "SELECT 1") == (1,)
    assert not half.exists()


@pytest.fixture
def long_data_dir(tmp_path: Path) -> Iterator[Path]:
    directory = tmp_path / ("d" * 120) / "data"
    yield directory
    shutil.rmtree(paths.of(directory).valkey_socket.parent, ignore_errors=True)


def test_a_long_data_dir_keeps_its_sockets_in_a_short_closed_one(long_data_dir: Path) -> None:
    with embedded.ensure_running(long_data_dir, fast=True):
        assert query(long_data_dir, "SELECT 1") == (1,)
        sockets = Path(embedded.database_settings(long_data_dir)["HOST"])
        assert len(str(sockets)) < 60
        assert sockets.stat().st_mode & 0o777 == 0o700
        assert paths.of(long_data_dir).postgres.parent == long_data_dir


def test_a_short_socket_dir_open_to_others_is_refused(long_data_dir: Path) -> None:
    sockets = paths.of(long_data_dir).valkey_socket.parent
    sockets.mkdir()
    sockets.chmod(0o777)
    with pytest.raises(embedded.ServerError, match="not ours alone"):
        with embedded.ensure_running(long_data_dir, fast=True):
            pass


def test_a_data_dir_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(embedded.ServerError, match=r"DATA_DIR .*file/data cannot be written: Not"):
        with embedded.ensure_running(tmp_path / "file" / "data"):
            pass


def test_postgres_is_not_root_and_no_mode_or_owner_changes(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    data_dir = tmp_path / "data"
    with embedded.ensure_running(data_dir, valkey=False, fast=True):
        server = postmaster(data_dir)
        inside, _, count = Path(f"/proc/{server.pid}/uid_map").read_text().split()
        if os.geteuid() == 0:
            assert (int(inside) > 0, count) == (True, "1"), "it runs in a namespace of one user"
        assert server.uids().real == os.geteuid()
        assert (tmp_path.stat().st_mode & 0o777, tmp_path.stat().st_uid) == (0o700, os.geteuid())
        assert paths.of(data_dir).postgres.stat().st_uid == os.geteuid()


@pytest.fixture
def refused_namespace(monkeypatch: pytest.MonkeyPatch, data_dir: Path) -> Iterator[Path]:
    monkeypatch.setenv(ACCOUNT_VARIABLE, "nobody")
    yield data_dir
    embedded.Postgres(data_dir).stop_left_overs()
    home = paths.of(data_dir).elsewhere
    if home is not None:
        shutil.rmtree(home)


def test_where_namespaces_are_refused_an_account_runs_it(
    refused_namespace: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    # Root runs it as that account from a home the account can reach; anybody else as himself.
    data_dir = refused_namespace
    is_root = os.geteuid() == 0
    owner = pwd.getpwnam("nobody").pw_uid if is_root else os.geteuid()
    with embedded.ensure_running(data_dir):
        assert {process.uids().effective for process in postgres_processes(data_dir)} == {owner}
        query(data_dir, "CREATE TABLE kept (n int)")
        for process in postgres_processes(data_dir):
            process.kill()
    said = capfd.readouterr().err.splitlines()
    assert len(said) == (1 if is_root else 0)
    assert all("runs as nobody" in line for line in said)
    with embedded.ensure_running(data_dir):
        assert query(data_dir, "SELECT count(*) FROM kept") == (0,)
    assert capfd.readouterr().err == "", "said once"
    assert (data_dir / "postgres").exists() is not is_root


def _commands() -> list[Callable[[Path], embedded.Server]]:
    return [embedded.Postgres, embedded.Valkey]


@pytest.mark.parametrize("server", _commands())
def test_the_command_line_tells_what_runs(
    server: Callable[[Path], embedded.Server], data_dir: Path
) -> None:
    # People and tools look for these names in the process list.
    data_dir.mkdir()
    made = server(data_dir)
    process = made.start(data_dir / "log")
    try:
        assert made.name in " ".join(psutil.Process(process.pid).cmdline())
    finally:
        made.stop_left_overs()
        process.wait(5)
