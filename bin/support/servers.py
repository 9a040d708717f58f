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

from support import fonts
from support.owner import Owner, owner, programs
from support.paths import data_folder, private_folder, shared_folder, socket_folder
from support.postgres import Postgres
from support.say import Trouble
from support.valkey import Valkey


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

    def environment(self, settings: str, *, port: int = 8000) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": settings,
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.valkey.url,
            "DATA_DIR": str(self.data),
            "SECRET_KEY": _secret_key(self.data / "secret-key"),
            "PORT": str(port),
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
    data = shared_folder(Path(tempfile.mkdtemp(prefix="binhyen-", dir="/tmp")))  # short for the sockets, whatever TMPDIR says
    user = owner()
    servers = _servers(data, user.folder(data / "run"), user, durable=False)
    try:
        (data / "fonts").symlink_to(fonts.ensure(data_folder()))
        servers.start()
        yield servers
    finally:
        with _unhurried():
            servers.stop()
            shutil.rmtree(data, ignore_errors=True)


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


def _alone(users: object) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)  # type: ignore[arg-type]
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
