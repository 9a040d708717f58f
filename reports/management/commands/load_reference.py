"""Bring the reference data of every app into the database: exclusions, authorities, checklists, wording of the commitments."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core import clock
from evaluations.importers import ChecklistChanged, load_checklists
from movement.operations import publish_commitment_texts
from units.importers import load_authority_rules, load_exclusion_rules


class Command(BaseCommand):
    help = "Loads exclusions, competent authorities, checklists and commitment texts. Running it again changes nothing."

    def handle(self, *, verbosity: int = 1, **options: Any) -> None:
        at = clock.now()
        try:
            with transaction.atomic():
                done = {
                    "exclusions": load_exclusion_rules(),
                    "authorities": load_authority_rules(),
                    "checklists": len(load_checklists(at=at)),
                    "commitment texts": len(publish_commitment_texts(at=at)),
                }
        except ChecklistChanged as refusal:
            raise CommandError(str(refusal)) from refusal
        if verbosity:
            self.stdout.write("Reference data changed: " + ", ".join(f"{name} {count}" for name, count in done.items()))
