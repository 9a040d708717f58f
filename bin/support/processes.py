"""Web server, worker and beat: started together, stopped in order, and never left behind."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.paths import PYTHON, ROOT
from support.say import Trouble, say

PATIENCE = 20  # seconds between asking a process to stop and killing it; a task that is cut off runs again
PR_SET_PDEATHSIG = 1
AS_ROOT = "You're running the worker with superuser privileges"  # on a developer's machine root may be the only user there is
LIBC = ctypes.CDLL(None)


Processes = dict[str, subprocess.Popen[bytes]]


def web(port: int) -> list[str]:
    size = ["--workers", "2", "--blocking-threads", "4"]
    return _module(
        "granian", "--interface", "wsgi", "--no-ws", "--port", str(port), *size, "--log-level", "warning", "config.wsgi:application"
    )


def worker() -> list[str]:
    alone = ["--concurrency", "2", "--without-gossip", "--without-mingle"]
    return _celery("worker", *alone)


def beat(data: Path) -> list[str]:
    return _celery("beat", "--pidfile=", "--schedule", str(data / "beat-schedule"))


@contextmanager
def running(commands: dict[str, list[str]], environment: dict[str, str], log: Path | None = None) -> Iterator[Processes]:
    """Run the named commands, writing to the terminal or to a log; at the end stop them, the last one started first."""
    started: Processes = {}
    output = log.open("ab") if log else None
    try:
        for name, command in commands.items():
            started[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 -- there are no threads here
            )
        yield started
    finally:
        for name, process in reversed(started.items()):
            _stop(name, process)


def watch(started: Processes) -> None:
    """Return never, unless one of the processes ends by itself."""
    while True:
        check(started)
        time.sleep(0.3)


def check(started: Processes) -> None:
    for name, process in started.items():
        if process.poll() is not None:
            raise Trouble(f"The {name} has ended by itself (status {process.returncode}).")


def _stop(name: str, process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        say(f"The {name} takes too long and is killed.")
        _kill_session(process)


def _kill_session(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _end_with_parent() -> None:
    """Ask the kernel to stop this process should bin/dev be killed, so that nothing is left behind."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _celery(command: str, *words: str) -> list[str]:
    return _module("celery", "--quiet", "-A", "config.celery", command, "--loglevel", "warning", *words)


def _module(*words: str) -> list[str]:
    return [str(PYTHON), "-W", f"ignore:{AS_ROOT}", "-m", *words]
