"""What every command needs first: Debian packages, Python packages, fonts, compiled translations."""

import signal
from pathlib import Path
from types import FrameType

from support import fonts, messages, packages, venv
from support.paths import IS_ROOT, data_folder, private_folder


def ensure(*locks: str, tests: bool = False) -> None:
    """Bring this machine and checkout to where the commands can run; quick when they are there already."""
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    packages.ensure(tests=tests)
    venv.ensure(*locks)
    messages.ensure()


def ensure_fonts(data: Path | None = None) -> None:
    fonts.ensure(data or private_folder(data_folder(), mode=0o711 if IS_ROOT else 0o700))


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
