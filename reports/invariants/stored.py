"""Stored files: what is recorded is there, byte by byte, and nothing else stays for long."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import PurePosixPath

from django.core.files.storage import default_storage

from core import clock
from core.models import StoredFile

GRACE = timedelta(days=1)


def damaged() -> Iterator[str]:
    """Rows whose content is gone, or has another hash or size. Equal contents are kept once and read once."""
    recorded = StoredFile.objects.order_by("sha256").values_list("sha256", "size", "pk")
    read: tuple[str, str, int] | None = None
    for sha256, size, pk in recorded.iterator():
        if read is None or read[0] != sha256:
            read = (sha256, *_content(StoredFile(sha256=sha256).path))
        if read[1:] != (sha256, size):
            yield f"file {pk}: recorded {sha256[:12]} of {size} bytes, found {read[1][:12] or 'nothing'} of {read[2]}"


def _content(path: str) -> tuple[str, int]:
    try:
        with default_storage.open(path) as content:
            data = content.read()
    except FileNotFoundError:
        return "", 0
    return hashlib.sha256(data).hexdigest(), len(data)


def orphaned() -> Iterator[str]:
    """Contents older than a day that no row knows: left by a transaction that failed after its file was written."""
    known = set(StoredFile.objects.values_list("sha256", flat=True).iterator())
    before = clock.now() - GRACE
    for path in _paths(""):
        if PurePosixPath(path).name not in known and default_storage.get_modified_time(path) < before:
            yield f"{path} belongs to no row"


def _paths(folder: str) -> Iterator[str]:
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        yield f"{folder}{name}"
    for name in folders:
        yield from _paths(f"{folder}{name}/")
