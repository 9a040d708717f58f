"""Stored files: kept by hash, and read back only when not one byte differs."""

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from core import files
from core.models import AuditEvent
from tests.factories import results

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


def test_a_damaged_file_is_answered_with_a_sentence_and_recorded(world, client_for):
    document = results.decision_of(world, world.committee).document
    stored = store()
    type(document).objects.filter(pk=document.pk).update(file=stored)
    default_storage.delete(stored.path)

    response = client_for(world.cast.commune_officer).get(reverse("directives:document-file", args=[document.pk]))

    page = response.content.decode()
    assert (response.status_code, "Không tìm thấy tệp “bien-ban.pdf” trong kho." in page) == (409, True)
    assert AuditEvent.objects.filter(refused=True, actor=world.cast.commune_officer, reason__contains="bien-ban.pdf").count() == 1
