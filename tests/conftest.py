"""The world every test starts from, clients, and a cloned database for tests that must really commit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client

from core import audit
from tests import world as worlds
from units.models import User


def pytest_configure(config: pytest.Config) -> None:
    """Each worker has a Redis database of its own: a test that empties the cache empties nobody else's."""
    number = int(getattr(config, "workerinput", {}).get("workerid", "gw0").removeprefix("gw")) + 1
    shared = settings.CACHES["default"]
    settings.CACHES = {"default": {**shared, "LOCATION": re.sub(r"([?&]db=|/)\d+$", rf"\g<1>{number}", shared["LOCATION"])}}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Reference data stands in the test database for good, as in every database of the product."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        worlds.load_reference()


@pytest.fixture(autouse=True)
def _private_media(settings: pytest.FixtureRequest, tmp_path: pytest.TempPathFactory) -> None:
    """Stored files of a test go to its own folder."""
    settings.STORAGES = {  # type: ignore[attr-defined]
        **settings.STORAGES,  # type: ignore[attr-defined]
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path / "media")}},
    }


@pytest.fixture(autouse=True)
def _fresh_audit() -> None:
    """No address and no waiting refusal of another test."""
    audit.start_request("")


@pytest.fixture
def world(db: None) -> worlds.World:
    """Province, two communes, units of every kind, an open campaign and its cast, in the test's transaction."""
    return worlds.build()


@pytest.fixture
def client_for() -> Callable[[User], Client]:
    """A signed-in client for a user."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """A copy of the test database in which commits are real, for races over several connections; thrown away afterwards.

    A flush would empty the reference data and is refused by the append-only audit; a clone from a template is neither.
    """
    original = connection.settings_dict["NAME"]
    clone = f"{original}_clone"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        _as_maintenance(f'DROP DATABASE IF EXISTS "{clone}" WITH (FORCE)', f'CREATE DATABASE "{clone}" TEMPLATE "{original}"')
        connection.settings_dict["NAME"] = clone
        try:
            yield
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = original
            _as_maintenance(f'DROP DATABASE "{clone}" WITH (FORCE)')


def _as_maintenance(*statements: str) -> None:
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
