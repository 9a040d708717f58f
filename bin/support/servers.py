"""PostgreSQL and Valkey of this checkout, or a pair to throw away; and the environment by which Django finds them."""

import fcntl
import os
import secrets
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from support import fonts
from support.owner import Owner, owner, programs
from support.paths import KEY, data_folder, private_folder, shared_folder, socket_folder
from support.postgres import Postgres
from support.say import Trouble
from support.valkey import Valkey

THROW_AWAY = f"binhyen-{KEY}-"


@dataclass(frozen=True)
class Servers:
    """A data folder and the two servers on it."""

    data: Path
    postgres: Postgres
    valkey: Valkey

    def start(self) -> None:
        self.postgres.start()
        self.valkey.start()

    def stop(self) -> None:
        self.valkey.stop()
        self.postgres.stop()

    @property
    def port_file(self) -> Path:
        """Where bin/dev notes its port, for the addresses that bin/manage prints."""
        return self.data / "port"

    def environment(self, settings: str) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": settings,
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.valkey.url,
            "DATA_DIR": str(self.data),
            "SECRET_KEY": _secret_key(self.data / "secret-key"),
            "PORT": self.port_file.read_text() if self.port_file.exists() else "8000",
        }


@contextmanager
def kept() -> Iterator[Servers]:
    """The servers of this checkout, started if they are down, and stopped by whoever leaves last."""
    data, user = data_folder(), owner()
    servers = _servers(data, _own_socket_folder(socket_folder(), user), user, durable=True)
    with (data / "users.lock").open("w") as users:
        with _locked(data / "start.lock"):
            fcntl.flock(users, fcntl.LOCK_SH)
            servers.start()
        try:
            yield servers
        finally:
            with _unhurried(), _locked(data / "start.lock"):
                if _alone(users):
                    servers.stop()


@contextmanager
def thrown_away() -> Iterator[Servers]:
    """Servers on an empty folder that is deleted afterwards; any number of them may run side by side."""
    shared_fonts, user = fonts.ensure(data_folder()), owner()
    with _locked(data_folder() / "throw-away.lock"):
        _clear_leftovers(user)
        data = shared_folder(Path(tempfile.mkdtemp(prefix=THROW_AWAY, dir="/tmp")))  # short for the sockets, whatever TMPDIR says
        in_use = (data / "in-use.lock").open("w")
        fcntl.flock(in_use, fcntl.LOCK_EX)
    servers = _servers(data, user.folder(data / "run"), user, durable=False)
    try:
        (data / "fonts").symlink_to(shared_fonts)
        servers.start()
        yield servers
    finally:
        with _unhurried(), in_use:
            servers.stop()
            shutil.rmtree(data, ignore_errors=True)


def _clear_leftovers(user: Owner) -> None:
    """Stop and delete what a killed run could not."""
    for mark in Path("/tmp").glob(f"{THROW_AWAY}*/in-use.lock"):
        with mark.open("w") as in_use:
            if _alone(in_use):
                _servers(mark.parent, mark.parent / "run", user, durable=False).stop()
                shutil.rmtree(mark.parent, ignore_errors=True)


def _servers(data: Path, sockets: Path, user: Owner, *, durable: bool) -> Servers:
    logs, found = user.folder(data / "log"), programs()
    postgres = Postgres(user.folder(data / "database") / "postgres", sockets, logs / "postgres.log", durable, user, found)
    valkey = Valkey(data / "valkey", sockets, logs / "valkey.log", durable, user, found)
    private_folder(data / "media")
    return Servers(data, postgres, valkey)


def _own_socket_folder(folder: Path, user: Owner) -> Path:
    """A folder in /tmp could be somebody else's trap: take it only if it is ours."""
    if folder.is_symlink() or (folder.exists() and folder.stat().st_uid not in {os.geteuid(), user.uid}):
        raise Trouble(f"{folder} belongs to somebody else; the sockets of the servers cannot lie there.")
    return user.folder(folder)


def _secret_key(file: Path) -> str:
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as key:
            key.write(secrets.token_urlsafe(64))
    return file.read_text()


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _alone(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _unhurried() -> Iterator[None]:
    """Let no second Ctrl-C tear the stop apart."""
    stopped = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in stopped.items():
            signal.signal(number, handler)
