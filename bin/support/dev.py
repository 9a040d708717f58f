"""bin/dev [--port N] | bin/dev --check: the whole system on this machine, from nothing to a page in the browser."""

import argparse
import fcntl
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support import fonts, processes, servers, setup
from support.manage import django
from support.paths import data_folder
from support.say import Trouble, say

FIRST_PORT = 8000
PATIENCE = 60  # seconds for the web server to answer its first request


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    setup.ensure("run")
    fonts.ensure(data_folder())
    return check() if options.check else serve(options.port)


def serve(port: int | None) -> int:
    """Run until Ctrl-C; what was entered is there again at the next start."""
    with _only_one(), servers.kept() as kept:
        port = _free_port(port)
        kept.port_file.write_text(str(port))
        environment = kept.environment("config.settings.dev")
        _prepare(environment)
        with processes.running(_commands(port, kept.data), environment) as started:
            try:
                _wait_for(port, started)
                _greet(port, environment)
                processes.watch(started)
            except KeyboardInterrupt:
                say("\nStopping …")
    return 0


def check() -> int:
    """The same on free ports and an empty data folder, with one registration driven through to the checked certificate."""
    with servers.thrown_away() as thrown:
        port = _free_port(None)
        thrown.port_file.write_text(str(port))
        environment = thrown.environment("config.settings.dev")
        _prepare(environment, "--units", "20")
        log = thrown.data / "processes.log"
        with processes.running(_commands(port, thrown.data), environment, log) as started:
            _wait_for(port, started)
            status = django(["check_chain", "--base-url", f"http://127.0.0.1:{port}"], environment)
        if status:
            say(f"The last lines of web server, worker and beat:\n{log.read_text(errors='replace')[-4000:]}")
        return status


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/dev", description="Start Bình Yên on this machine; Ctrl-C stops it, the data stays.")
    parser.add_argument("--port", type=int, help=f"the port of the web server (the first free one from {FIRST_PORT} on)")
    parser.add_argument("--check", action="store_true", help="try the whole chain on an empty data folder and free ports, then clean up")
    return parser.parse_args(arguments)


def _prepare(environment: dict[str, str], *seed: str) -> None:
    for command in (["migrate", "--verbosity", "0"], ["load_areas"], ["load_reference"], ["seed_demo", "--if-empty", *seed]):
        say(f"{command[0]} …")
        if django(command, environment):
            raise Trouble(f"{command[0]} failed; the lines above say why.")


def _commands(port: int, data: Path) -> dict[str, list[str]]:
    return {"worker": processes.worker(), "beat": processes.beat(data), "web server": processes.web(port)}


def _wait_for(port: int, started: processes.Processes) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        processes.check(started)
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE).close()
        except urllib.error.HTTPError as answer:
            say(f"The first page answers {answer.code}.")
        except OSError:
            time.sleep(0.2)
            continue
        return
    raise Trouble("The web server does not answer.")


def _greet(port: int, environment: dict[str, str]) -> None:
    django(["show_demo_accounts"], environment)
    say(f"\n    Bình Yên: http://127.0.0.1:{port}/    (Ctrl-C stops it, the data stays)\n")


def _free_port(wanted: int | None) -> int:
    for port in range(wanted or FIRST_PORT, 65536):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if wanted and port != wanted:
            say(f"Port {wanted} is taken; using {port}.")
        return port
    raise Trouble("There is no free port.")


@contextmanager
def _only_one() -> Iterator[None]:
    with (data_folder() / "dev.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble("bin/dev is running already in this checkout.") from None
        yield
