"""bin/manage COMMAND …: any management command, on the servers of this checkout or on those named in the environment."""

import os
from pathlib import Path

from support import fonts, servers, setup
from support.paths import PYTHON, data_folder
from support.run import patiently


def main(arguments: list[str]) -> int:
    setup.ensure("run")
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):  # external servers
        if os.environ.get("DATA_DIR"):
            fonts.ensure(Path(os.environ["DATA_DIR"]))
        return django(arguments, {"DJANGO_SETTINGS_MODULE": "config.settings.production", **os.environ})
    fonts.ensure(data_folder())
    with servers.kept() as kept:
        return django(arguments, kept.environment("config.settings.dev"))


def django(arguments: list[str], environment: dict[str, str]) -> int:
    return patiently([str(PYTHON), "manage.py", *arguments], environment)
