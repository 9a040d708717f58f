"""Stored files: kept by hash, and read back only when not one byte differs."""

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core import files

pytestmark = pytest.mark.django_db


def store(data=b"noi dung"):
    return files.store_bytes(data, name="bien-ban.pdf", content_type="application/pdf", purpose="trial")


def test_store_records_hash_and_size():
    stored = store()

    assert (stored.sha256, stored.size, files.read(stored)) == (hashlib.sha256(b"noi dung").hexdigest(), 8, b"noi dung")


def test_equal_contents_are_kept_once():
    first, second = store(), store()

    assert (first.pk != second.pk, first.path) == (True, second.path)


def test_one_changed_byte_is_refused():
    stored = store()
    default_storage.delete(stored.path)
    default_storage.save(stored.path, ContentFile(b"noi dunG"))

    with pytest.raises(files.FileDamaged, match="không còn nguyên vẹn"):
        files.read(stored)


def test_missing_content_is_refused():
    stored = store()
    default_storage.delete(stored.path)

    with pytest.raises(files.FileDamaged, match="Không tìm thấy"):
        files.read(stored)
