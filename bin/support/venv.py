"""The virtual environment, made from the hash-pinned lock files and left alone until they change."""

import fcntl
import hashlib
import shutil
import subprocess
import sys

from support.paths import PYTHON, ROOT, VENV
from support.say import Trouble, say

LOCKS = {name: ROOT / "requirements" / f"{name}.txt" for name in ("run", "dev")}


def ensure(*names: str) -> None:
    """Bring the environment to the named locks (`run`, `dev`); does nothing when it is there already."""
    with LOCKS["run"].open() as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)  # two first starts at once: one installs, the other waits
        if not _works():
            say("Making the virtual environment …")
            shutil.rmtree(VENV, ignore_errors=True)
            _run([getattr(sys, "_base_executable", sys.executable), "-m", "venv", str(VENV)])
        if any(_stamp(name) != _wanted(name) for name in names):
            _install(names)


def _works() -> bool:
    check = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    return PYTHON.exists() and subprocess.run([str(PYTHON), "-c", check], capture_output=True, check=False).returncode == 0


def _install(names: tuple[str, ...]) -> None:
    say("Installing the Python packages of " + " and ".join(f"requirements/{name}.txt" for name in names) + " …")
    locks = [part for name in names for part in ("-r", str(LOCKS[name]))]
    only = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:"]
    _run([str(PYTHON), "-m", "pip", "install", *only, *locks])
    for name in names:
        (VENV / f"installed-{name}").write_text(_wanted(name))


def _stamp(name: str) -> str:
    stamp = VENV / f"installed-{name}"
    return stamp.read_text() if stamp.exists() else ""


def _wanted(name: str) -> str:
    return hashlib.sha256(LOCKS[name].read_bytes()).hexdigest()


def _run(command: list[str]) -> None:
    if subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False).returncode:
        raise Trouble("The virtual environment could not be made; the lines above say why.")
