"""Where things lie: the checkout, its virtual environment, and the folders of its data."""

import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
IS_ROOT = os.geteuid() == 0

# One key per checkout and user: two checkouts side by side never meet.
KEY = f"{os.geteuid()}-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]}"


def data_folder() -> Path:
    """`.data` in the checkout; for root a system folder, because PostgreSQL then runs as a user who may not enter the checkout."""
    return shared_folder(Path("/var/lib") / f"binhyen-{KEY}" if IS_ROOT else ROOT / ".data")


def shared_folder(path: Path) -> Path:
    """A folder for us alone; where the servers run as another user, that one may pass through."""
    return private_folder(path, mode=0o711 if IS_ROOT else 0o700)


def socket_folder() -> Path:
    """Short, since a socket path may have 107 bytes, and lower case, since it travels as the host of a URL."""
    return Path("/tmp") / f"binhyen-{KEY}"


def private_folder(path: Path, *, mode: int = 0o700) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(mode)
    return path
