"""The environment: typed once, and a missing production setting stops the start with a sentence."""

import os
import subprocess
import sys

import pytest

from config.env import BASE_DIR, celery_url

COMPLETE = {
    "DATA_DIR": "data",
    "ALLOWED_HOSTS": "binhyen.example",
    "SECRET_KEY": "k" * 60,
    "DATABASE_URL": "postgres://user:word@db.example:5432/binhyen",
    "REDIS_URL": "redis://redis.example:6379/0",
    "PUBLIC_URL": "https://binhyen.example",
    "MAIL_URL": "smtp+tls://user:word@mail.example:587",
    "MAIL_FROM": "Bình Yên <binhyen@example.invalid>",
}


def start(**changes):
    """Import the production settings in a process of their own."""
    environment = {key: value for key, value in (COMPLETE | changes).items() if value}
    code = "from django.conf import settings; print(settings.DATABASES['default']['HOST'], settings.SESSION_COOKIE_NAME)"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=BASE_DIR,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings.production", "PYTHONUTF8": "1"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_complete_production_environment_starts():
    assert start().stdout.split() == ["db.example", "__Host-session"]


@pytest.mark.parametrize("name", sorted(COMPLETE))
def test_missing_production_setting_stops_the_start_with_a_sentence(name):
    result = start(**{name: ""})

    assert (result.returncode != 0, f"The setting {name} is missing" in result.stderr) == (True, True)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY is too short"),
        ("DATABASE_URL", "mysql://user:word@db.example/binhyen", "must name a PostgreSQL database"),
    ],
)
def test_wrong_production_setting_is_named(name, value, sentence):
    assert sentence in start(**{name: value}).stderr


def test_celery_spells_a_redis_socket_its_own_way():
    assert celery_url("unix:///run/valkey.sock?db=2") == "redis+socket:///run/valkey.sock?virtual_host=2"
    assert celery_url("redis://host:6379/0") == "redis://host:6379/0"
