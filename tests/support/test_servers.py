"""The launcher behind bin/dev and bin/test, tried on servers of its own; needs no database of the test run."""

import os
import signal
from pathlib import Path

import environ
import psycopg
import pytest
import redis
from support import packages, servers
from support.owner import owner, programs
from support.paths import data_folder
from support.postgres import Postgres
from support.say import Trouble

pytestmark = pytest.mark.slow


def connect(url: str) -> psycopg.Connection:
    config = environ.Env.db_url_config(url)
    return psycopg.connect(host=config["HOST"], user=config["USER"], dbname=config["NAME"], autocommit=True)


def test_thrown_away_servers_do_not_meet_and_leave_nothing():
    with servers.thrown_away() as first, servers.thrown_away() as second:
        with connect(first.postgres.url) as line:
            line.execute("CREATE TABLE mine (n int)")
        redis.Redis.from_url(first.valkey.url).set("mine", 1)

        with connect(second.postgres.url) as line:
            tables = line.execute("SELECT count(*) FROM pg_tables WHERE tablename = 'mine'").fetchone()
        keys = redis.Redis.from_url(second.valkey.url).keys()

    assert tables == (0,)
    assert keys == []
    assert not first.data.exists()
    assert not second.data.exists()


def test_postgres_keeps_every_row_over_kill_9(tmp_path_short):
    user = owner()
    postgres = Postgres(user.folder(tmp_path_short / "d") / "postgres", user.folder(tmp_path_short / "s"),
                        user.folder(tmp_path_short / "l") / "log", True, user, programs())  # fmt: skip
    postgres.start()
    try:
        with connect(postgres.url) as line:
            line.execute("CREATE TABLE kept (n int)")
            line.execute("INSERT INTO kept VALUES (1), (2), (3)")
        os.kill(int((postgres.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

        postgres.start()

        with connect(postgres.url) as line:
            rows = line.execute("SELECT n FROM kept ORDER BY n").fetchall()
    finally:
        postgres.stop()
    assert rows == [(1,), (2,), (3,)]
    assert not postgres.answers()


def test_postgres_sorts_and_lowers_vietnamese_without_icu():
    with servers.thrown_away() as thrown, connect(thrown.postgres.url) as line:
        lowered = line.execute(
            "SELECT lower('ĐẶNG THỊ ƯỚC'), datlocprovider FROM pg_database WHERE datname = current_database()"
        ).fetchone()

    assert lowered == ("đặng thị ước", "b")


def test_ordinary_user_gets_one_line_with_every_package(monkeypatch):
    monkeypatch.setattr(packages, "IS_ROOT", False)
    monkeypatch.setattr(packages, "RUN", (*packages.RUN, "no-such-package"))

    with pytest.raises(Trouble) as trouble:
        packages.ensure(tests=True)

    lines = [line.strip() for line in str(trouble.value).splitlines() if "apt-get install" in line]
    assert len(lines) == 1
    assert {"python3-venv", "no-such-package", "chromium", *packages.TEST} <= set(lines[0].split())


@pytest.fixture
def tmp_path_short():
    """A folder in /tmp that the user of the servers may pass through: pytest's own is closed to him and too long for a socket."""
    with servers.thrown_away() as thrown:
        assert Path("/tmp") in thrown.data.parents
        assert thrown.data != data_folder()
        yield thrown.data
