"""The embedded Valkey, which speaks Redis: broker and cache, reached by a Unix socket only."""

import socket
import time
from dataclasses import dataclass
from pathlib import Path

from support.owner import Owner, Programs
from support.say import Trouble

PATIENCE = 60


@dataclass(frozen=True)
class Valkey:
    data: Path
    sockets: Path
    log: Path
    durable: bool
    owner: Owner
    programs: Programs

    @property
    def socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    def start(self) -> None:
        if self.answers():
            return
        self.owner.folder(self.data)
        done = self.owner.run([self.programs.valkey, *self._options()])
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            if done.returncode or time.monotonic() > deadline:
                raise Trouble(f"Valkey does not start; {self.log} says why.\n{done.stdout[-500:]}{done.stderr[-500:]}")
            time.sleep(0.02)

    def stop(self) -> None:
        self._ask(b"SHUTDOWN\r\n")
        deadline = time.monotonic() + PATIENCE
        while self.answers() and time.monotonic() < deadline:
            time.sleep(0.05)

    def answers(self) -> bool:
        return self._ask(b"PING\r\n").startswith(b"+PONG")

    def _ask(self, command: bytes) -> bytes:
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(PATIENCE)
                line.connect(str(self.socket))
                line.sendall(command)
                return line.recv(64)
        except OSError:
            return b""

    def _options(self) -> list[str]:
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "yes" if self.durable else "no",
            "save": "",
            "maxmemory-policy": "noeviction",
            "loglevel": "warning",
            "logfile": str(self.log),
            "daemonize": "yes",
            "pidfile": str(self.data / "valkey.pid"),
        }
        return [part for name, value in settings.items() for part in (f"--{name}", value)]
