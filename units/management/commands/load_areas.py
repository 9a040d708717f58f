"""Load the map of the country: ``manage load_areas`` from the installed package, ``--file FILE`` from the owner's own table."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core import audit
from core.transitions import SYSTEM
from units.importers import ImportRefused, file_areas, load_areas, package_areas
from units.models import Area, AreaReach, AreaSuccession
from units.operations import rebuild_area_reach

SHOWN_PROBLEMS = 20


class Command(BaseCommand):
    help = (
        "Loads provinces, communes and the districts and communes of the past with their successors. Running it again changes nothing. "
        "A file is CSV or JSON with code, name, parent_code, valid_from, valid_to, successors; see units.importers.file_areas."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, help="a table of the owner instead of the package")

    def handle(self, *, file: Path | None = None, verbosity: int = 1, **options: Any) -> None:
        try:
            with transaction.atomic():
                counts = load_areas(file_areas(file) if file else package_areas())
                reached = rebuild_area_reach()
                if counts.changed:
                    audit.record("areas.load", None, actor=SYSTEM, data={"created": counts.created, "updated": counts.updated})
        except ImportRefused as refusal:
            shown = refusal.problems[:SHOWN_PROBLEMS]
            more = len(refusal.problems) - len(shown)
            raise CommandError("\n".join([*shown, *([f"… và {more} lỗi khác."] if more else [])])) from refusal
        if verbosity:
            self.stdout.write(
                f"Areas: {counts.created} added, {counts.updated} changed, {counts.successions} successions written, {reached} rows of "
                f"reach changed; now {Area.objects.count()} areas, {AreaSuccession.objects.count()} successions, "
                f"{AreaReach.objects.count()} rows of reach."
            )
