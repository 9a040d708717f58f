"""Stored files: content under its hash, a row per file, read back only when the hash still fits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from core import clock
from core.models import StoredFile
from core.transitions import DomainError


class FileDamaged(DomainError):
    """The content in the storage is gone or differs from what was recorded."""


def store_bytes(data: bytes, *, name: str, content_type: str, purpose: str, created_by: Any = None) -> StoredFile:
    """Keep ``data`` and answer its saved row. The content is written first: a row never points to nothing."""
    return store_many([(data, name)], content_type=content_type, purpose=purpose, created_by=created_by)[0]


def store_many(contents: Iterable[tuple[bytes, str]], *, content_type: str, purpose: str, created_by: Any = None) -> list[StoredFile]:
    """Keep several contents of one kind, given as (data, name), with one INSERT."""
    at = clock.now()
    rows = []
    for data, name in contents:
        row = StoredFile(
            sha256=hashlib.sha256(data).hexdigest(),
            size=len(data),
            name=name[:200],
            content_type=content_type,
            purpose=purpose,
            created_at=at,
            created_by_id=getattr(created_by, "pk", None),
        )
        if not default_storage.exists(row.path):
            default_storage.save(row.path, ContentFile(data))
        rows.append(row)
    return StoredFile.objects.bulk_create(rows)


def read(stored: StoredFile) -> bytes:
    """The content of a stored file.

    Raises:
        FileDamaged: one byte differs, or the content is missing.
    """
    try:
        with default_storage.open(stored.path) as content:
            data: bytes = content.read()
    except FileNotFoundError as error:
        raise FileDamaged(_("Không tìm thấy tệp “%(name)s” trong kho. Hãy báo quản trị hệ thống.") % {"name": stored.name}) from error
    if hashlib.sha256(data).hexdigest() != stored.sha256:
        raise FileDamaged(_("Tệp “%(name)s” không còn nguyên vẹn. Hãy báo quản trị hệ thống.") % {"name": stored.name})
    return data
