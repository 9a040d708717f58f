"""Run a command in the foreground and wait for its end, whatever the keyboard says."""

import signal
import subprocess
from types import FrameType

from support.paths import ROOT


class Stopped(KeyboardInterrupt):
    """We were asked to stop by a signal that our child has not seen, unlike Ctrl-C, which the terminal sends to both."""


def stop_on_signals() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets its background jobs ignore it
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)


def patiently(command: list[str], environment: dict[str, str]) -> int:
    """Return the status of the command; if it was interrupted and did not end well, so are we."""
    interruption: KeyboardInterrupt | None = None
    with subprocess.Popen(command, cwd=ROOT, env=environment) as child:
        while True:
            try:
                status = child.wait()
                break
            except Stopped as stopped:
                interruption = stopped
                child.send_signal(signal.SIGINT)
            except KeyboardInterrupt as interrupted:
                interruption = interruption or interrupted
    if interruption and (status or isinstance(interruption, Stopped)):
        raise interruption
    return status


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped
