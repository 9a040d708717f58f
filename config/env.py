"""The environment, read and checked once. Nothing else in the project touches ``os.environ``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
_env = environ.Env()


def _required(name: str, what_it_is: str) -> str:
    value: str = _env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"The setting {name} is missing: {what_it_is}. Set it in the environment and start again.")
    return value


def _database(url: str) -> dict[str, object]:
    """Turn DATABASE_URL into Django's dict; a percent-encoded host may be the folder of a Unix socket."""
    try:
        config: dict[str, object] = _env.db_url_config(url)
    except (ValueError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read ({error}). Expected postgres://user:password@host:5432/name.") from error
    if config.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database: postgres://user:password@host:5432/name.")
    config["HOST"] = unquote(str(config.get("HOST", "")))
    return config


def celery_url(redis_url: str) -> str:
    """Celery spells a Redis socket ``redis+socket://``; everything else is written alike."""
    if redis_url.startswith("unix://"):
        path, _, query = redis_url.removeprefix("unix://").partition("?")
        number = query.removeprefix("db=") or "0"
        return f"redis+socket://{path}?virtual_host={number}"
    return redis_url


@dataclass(frozen=True)
class Environment:
    """Every value the settings need, typed."""

    secret_key: str
    database: dict[str, object]
    redis_url: str
    data_dir: Path
    allowed_hosts: list[str]
    public_url: str
    mail: dict[str, object]
    mail_from: str
    trusted_proxies: int
    media_storage: dict[str, object]

    @property
    def broker_url(self) -> str:
        return celery_url(self.redis_url)


def _mail(url: str) -> dict[str, object]:
    return dict(_env.email_url_config(url)) if url else {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}


def _storage(data_dir: Path) -> dict[str, object]:
    backend: str = _env.str("MEDIA_STORAGE", default="django.core.files.storage.FileSystemStorage")
    options: dict[str, object] = dict(_env.json("MEDIA_STORAGE_OPTIONS", default={}))
    if backend.endswith("FileSystemStorage"):
        options.setdefault("location", str(data_dir / "media"))
        options.setdefault("file_permissions_mode", 0o600)
        options.setdefault("directory_permissions_mode", 0o700)
    return {"BACKEND": backend, "OPTIONS": options}


def development() -> Environment:
    """What ``bin/dev`` and ``bin/test`` hand over; a bare checkout gets defaults that only serve ``--help``."""
    data_dir = Path(_env.str("DATA_DIR", default=str(BASE_DIR / ".data")))
    port: int = _env.int("PORT", default=8000)
    return Environment(
        secret_key=_env.str("SECRET_KEY", default="development-only"),
        database=_database(_env.str("DATABASE_URL", default="postgres://postgres@localhost/binhyen")),
        redis_url=_env.str("REDIS_URL", default="redis://localhost:6379/0"),
        data_dir=data_dir,
        allowed_hosts=_env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"]),
        public_url=_env.str("PUBLIC_URL", default=f"http://127.0.0.1:{port}").rstrip("/"),
        mail=_mail(_env.str("MAIL_URL", default="")),
        mail_from=_env.str("MAIL_FROM", default="Bình Yên <binhyen@example.invalid>"),
        trusted_proxies=_env.int("TRUSTED_PROXIES", default=0),
        media_storage=_storage(data_dir),
    )


def production() -> Environment:
    """A production setting has no default: what is missing stops the start with a sentence."""
    data_dir = Path(_required("DATA_DIR", "a folder for files, fonts and collected static files"))
    hosts = [host.strip() for host in _required("ALLOWED_HOSTS", "the host names served, separated by commas").split(",") if host.strip()]
    secret_key = _required("SECRET_KEY", "a random text of at least 50 characters")
    if len(secret_key) < 50:
        raise ImproperlyConfigured("SECRET_KEY is too short: use a random text of at least 50 characters.")
    return Environment(
        secret_key=secret_key,
        database=_database(_required("DATABASE_URL", "the PostgreSQL database, postgres://user:password@host:5432/name")),
        redis_url=_required("REDIS_URL", "the Redis server, redis://host:6379/0"),
        data_dir=data_dir,
        allowed_hosts=hosts,
        public_url=_required("PUBLIC_URL", "the public address, printed into QR codes, https://…").rstrip("/"),
        mail=_mail(_required("MAIL_URL", "the mail server, smtp+tls://user:password@host:587")),
        mail_from=_required("MAIL_FROM", "the sender of notices"),
        trusted_proxies=_env.int("TRUSTED_PROXIES", default=1),
        media_storage=_storage(data_dir),
    )
