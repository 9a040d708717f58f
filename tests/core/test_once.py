"""Keys of forms are forgotten after a month, not before."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from core import tasks
from core.models import OneTimeKey

pytestmark = pytest.mark.django_db


def test_keys_are_forgotten_after_a_month():
    ages = (timedelta(days=31), timedelta(days=29))
    _old, recent = (OneTimeKey.objects.create(key=uuid4(), path="/", created_at=timezone.now() - age) for age in ages)

    tasks.forget_keys()

    assert list(OneTimeKey.objects.values_list("pk", flat=True)) == [recent.pk]


def test_an_address_with_a_nul_is_refused_with_a_page():
    response = Client().get("/don-vi-duoc-cong-nhan/?q=%00")

    assert response.status_code == 400
    assert "<h1" in response.content.decode()
