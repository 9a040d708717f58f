"""Run a command in the foreground and wait for its end, whatever the keyboard says."""

import signal
import subprocess
from types import FrameType

from support.paths import ROOT


class Stopped(KeyboardInterrupt):
    """We were asked to stop by a signal that our child has not seen, unlike Ctrl-C, which the terminal sends to both."""


def stop_on_signals() -> None:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)


def patiently(command: list[str], environment: dict[str, str]) -> int:
    with subprocess.Popen(command, cwd=ROOT, env=environment) as child:
        while True:
            try:
                return child.wait()
            except Stopped:
                child.send_signal(signal.SIGINT)
            except KeyboardInterrupt:
                continue


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped
