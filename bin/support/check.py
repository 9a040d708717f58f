"""bin/check: everything a machine can say about the code without running the tests."""

import secrets
import time

from support import servers, setup
from support.paths import PYTHON, ROOT, VENV
from support.run import patiently
from support.say import say

DEPLOYED = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": "binhyen.example",
    "PUBLIC_URL": "https://binhyen.example",
    "MAIL_URL": "smtp+tls://user:password@mail.example:587",
    "MAIL_FROM": "binhyen@binhyen.example",
}


def main(arguments: list[str]) -> int:
    setup.ensure("run", "dev")
    failed = []
    with servers.thrown_away() as thrown:
        environment = thrown.environment("config.settings.test")
        for name, command, extra in _steps():
            say(f"— {name}")
            begun = time.monotonic()
            if patiently(command, {**environment, **extra}):
                failed.append(name)
                say(f"  {name}: failed ({time.monotonic() - begun:.1f} s)")
    say(f"bin/check: {'failed: ' + ', '.join(failed) if failed else 'all is well'}")
    return 1 if failed else 0


def _steps() -> list[tuple[str, list[str], dict[str, str]]]:
    steps = [
        ("ruff check", _tool("ruff", "check"), {}),
        ("ruff format", _tool("ruff", "format", "--check"), {}),
        ("mypy", _tool("mypy"), {}),
        ("import-linter", _tool("lint-imports"), {}),
        ("templates", _tool("djlint", "templates", "--lint", "--quiet"), {}),
        ("migrations", _django("makemigrations", "--check", "--dry-run"), {}),
        ("settings of production", _django("check", "--deploy", "--fail-level", "WARNING"), DEPLOYED),
    ]
    if next(ROOT.glob("*/management/commands/check_translations.py"), None):
        steps.append(("translations", _django("check_translations"), {}))
    return steps


def _tool(name: str, *arguments: str) -> list[str]:
    return [str(VENV / "bin" / name), *arguments]


def _django(*arguments: str) -> list[str]:
    return [str(PYTHON), "manage.py", *arguments]
