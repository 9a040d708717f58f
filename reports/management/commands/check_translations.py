"""``manage check_translations``: every text of the interface is marked, every catalogue is whole."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from reports import translations

APPS = ("core", "units", "movement", "directives", "evaluations", "reports")


class Command(BaseCommand):
    help = "Finds texts of the interface that are not marked for translation, and catalogues with fuzzy or empty entries."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        found = [*translations.unmarked(settings.BASE_DIR, APPS), *translations.uncompiled(settings.BASE_DIR)]
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(f"{len(found)} texts are not marked or not translated.")
