"""What every command needs first: Debian packages, Python packages, compiled translations."""

from support import messages, packages, venv
from support.run import stop_on_signals


def ensure(*locks: str, tests: bool = False) -> None:
    """Bring this machine and checkout to where the commands can run; quick when they are there already."""
    stop_on_signals()
    packages.ensure(tests=tests)
    venv.ensure(*locks)
    messages.ensure()
