"""bin/test [--long] [arguments of pytest]: the test suite on servers of its own."""

from support import packages, servers, setup
from support.paths import PYTHON
from support.run import patiently


def main(arguments: list[str]) -> int:
    setup.ensure("run", "dev", tests=True)
    extra = {"DJANGO_ALLOW_ASYNC_UNSAFE": "true", "CHROMIUM": packages.browser() or ""}
    if "--long" in arguments:
        arguments = ["-m", "long", *(part for part in arguments if part != "--long")]
        extra["LONG"] = "1"
    with servers.thrown_away() as thrown:
        command = [str(PYTHON), "-m", "pytest", *_workers(arguments), *arguments]
        return patiently(command, {**thrown.environment("config.settings.test"), **extra})


def _workers(arguments: list[str]) -> list[str]:
    """Two processes, unless the caller says otherwise or names single files, which are sooner done in one."""
    own = any(part.startswith(("-n", "--numprocesses", "--pdb", "--co")) or ".py" in part for part in arguments)
    return [] if own else ["-n", "2"]
