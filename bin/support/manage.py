"""bin/manage COMMAND …: any management command, on the servers of this checkout or on those named in the environment."""

import os
import signal
import subprocess
from pathlib import Path

from support import servers, setup
from support.paths import PYTHON, ROOT


def main(arguments: list[str]) -> int:
    setup.ensure("run")
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):  # external servers
        if os.environ.get("DATA_DIR"):
            setup.ensure_fonts(Path(os.environ["DATA_DIR"]))
        return django(arguments, {"DJANGO_SETTINGS_MODULE": "config.settings.production", **os.environ})
    setup.ensure_fonts()
    with servers.kept() as kept:
        return django(arguments, kept.environment("config.settings.dev"))


def django(arguments: list[str], environment: dict[str, str]) -> int:
    """Run a command of Django and wait for it, also when it takes its time to stop after Ctrl-C."""
    with subprocess.Popen([str(PYTHON), "-m", "django", *arguments], cwd=ROOT, env=environment) as command:
        while True:
            try:
                return command.wait()
            except KeyboardInterrupt:
                command.send_signal(signal.SIGINT)
