"""The Debian packages the project needs: root gets them installed, anybody else gets the one line to run."""

import os
import shutil
import subprocess
import sys

from support.paths import IS_ROOT, VENV
from support.say import Trouble, say

RUN = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fontconfig", "fonts-croscore", "fonts-open-sans", "gettext")
TEST = ("chromium", "poppler-utils")


def ensure(*, tests: bool = False) -> None:
    """Install what is missing, or stop with the line that installs it."""
    missing = _missing(tests=tests)
    if not missing:
        return
    if not shutil.which("apt-get"):
        raise Trouble(f"These packages of Debian are missing, and there is no apt-get here to install them: {' '.join(missing)}")
    if not IS_ROOT:
        every = " ".join(("python3-venv", *RUN, *TEST))
        raise Trouble(f"Some packages are missing ({', '.join(missing)}). Please run this line once, then try again:\n\n"
                      f"    sudo apt-get update && sudo apt-get install -y --no-install-recommends {every}\n")  # fmt: skip
    say(f"Installing {', '.join(missing)} …")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", *missing]):
        done = subprocess.run(["apt-get", "-q", *command], env=quiet, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Trouble(f"apt-get {command[0]} failed:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")


def browser() -> str | None:
    """The Chromium that browser tests drive; CHROMIUM names another one."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


def _missing(*, tests: bool) -> list[str]:
    wanted = list(RUN)
    if tests:
        wanted += [name for name in TEST if not (name == "chromium" and browser())]
    missing = [name for name in wanted if name not in _installed(wanted)]
    return missing if _can_make_venv() else ["python3-venv", *missing]


def _installed(names: list[str]) -> set[str]:
    if not shutil.which("dpkg-query"):
        return set()
    command = ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\n", *names]
    answer = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return {line.split()[0] for line in answer.splitlines() if line.endswith(" installed")}


def _can_make_venv() -> bool:
    """Ask Python rather than dpkg: one that was not built by Debian brings its own venv."""
    if (VENV / "bin" / "pip").exists():
        return True
    return subprocess.run([sys.executable, "-c", "import venv, ensurepip"], capture_output=True, check=False).returncode == 0
