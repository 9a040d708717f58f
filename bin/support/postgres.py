"""The embedded PostgreSQL: one cluster, reached by a Unix socket only."""

import os
import shlex
import shutil
import socket
import struct
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from support.owner import Owner, Programs
from support.say import Trouble

DATABASE = "binhyen"
PATIENCE = 60  # seconds for the children of a killed postmaster to let go of its memory
BUILTIN_LOCALE = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "100", "shared_buffers": "128MB"}
KEEP = {"max_connections": "100", "shared_buffers": "256MB"}


@dataclass(frozen=True)
class Postgres:
    data: Path
    sockets: Path
    log: Path
    durable: bool
    owner: Owner
    programs: Programs

    @property
    def url(self) -> str:
        """A URL whose path holds the socket folder, the form django-environ reads."""
        return f"postgres://postgres@/{self.sockets}/{DATABASE}"

    def start(self) -> None:
        if self.answers():
            return
        if not (self.data / "PG_VERSION").exists():
            self._make()
        deadline = time.monotonic() + PATIENCE
        while True:
            inhabitants = self._inhabitants()
            if not inhabitants:
                self._sweep()
            done = self._control("start", "-t", "120", "-l", str(self.log), "-o", self._options())
            if done.returncode == 0:
                return
            if not inhabitants or time.monotonic() > deadline:
                held = f" Still at work in its folder: {', '.join(map(str, inhabitants))}." if inhabitants else ""
                raise Trouble(f"PostgreSQL does not start.{held}\n{done.stderr}{_tail(self.log)}")
            time.sleep(0.5)

    def stop(self) -> None:
        if self._inhabitants():
            self._control("stop", "-t", "60", "-m", "fast" if self.durable else "immediate")

    def answers(self) -> bool:
        """Whether it lets somebody in: a start-up message is answered with a request for (no) password."""
        body = struct.pack("!i", 196608) + b"user\0postgres\0database\0postgres\0\0"
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(5)
                line.connect(str(self.sockets / ".s.PGSQL.5432"))
                line.sendall(struct.pack("!i", len(body) + 4) + body)
                welcome = line.recv(1) == b"R"
                line.sendall(b"X\0\0\0\4")
                return welcome
        except OSError:
            return False

    def _make(self) -> None:
        """Make cluster and database beside their place and move them in when whole, so that an interrupted first start leaves nothing."""
        fresh = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        self.owner.folder(fresh)
        hurry = [] if self.durable else ["--no-sync"]
        command = [self.programs.postgres("initdb"), "-D", str(fresh), "-U", "postgres", "--auth=trust", *BUILTIN_LOCALE, *hurry]
        done = self.owner.run(command)
        if done.returncode == 0:
            alone = ["--single", "-D", str(fresh), "-c", f"fsync={'on' if self.durable else 'off'}", "postgres"]
            done = self.owner.run([self.programs.postgres("postgres"), *alone], stdin=f"CREATE DATABASE {DATABASE} STRATEGY wal_log\n")
        if done.returncode:
            raise Trouble(f"The database could not be made:\n{done.stdout[-1000:]}{done.stderr[-1000:]}")
        if self.data.exists():
            self.data.rmdir()
        fresh.rename(self.data)

    def _control(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.owner.run([self.programs.postgres("pg_ctl"), "-D", str(self.data), "-w", *arguments])

    def _options(self) -> str:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **(KEEP if self.durable else THROW_AWAY),
        }
        return " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())

    def _sweep(self) -> None:
        """Remove what a killed server left behind; its number may belong to somebody else by now, so PostgreSQL itself cannot tell."""
        for left in (self.data / "postmaster.pid", self.sockets / ".s.PGSQL.5432", self.sockets / ".s.PGSQL.5432.lock"):
            left.unlink(missing_ok=True)

    def _inhabitants(self) -> list[int]:
        """Processes at work in the data folder: the postmaster and its children stand in it."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if os.readlink(entry / "cwd") == str(self.data):
                        found.append(int(entry.name))
                except OSError:
                    continue
        return found


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-1500:] if log.exists() else ""
