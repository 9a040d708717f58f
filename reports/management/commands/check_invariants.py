"""``manage check_invariants``: prints every breach and ends with a status other than 0 when there is one."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports import invariants


class Command(BaseCommand):
    help = "Checks what must hold in this database and in its stored files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only", nargs="+", choices=sorted(invariants.CHECKS), help="only these rules", metavar="RULE")

    def handle(self, *, only: list[str] | None = None, verbosity: int = 1, **options: Any) -> None:
        broken = 0
        for rule in only or invariants.CHECKS:
            found = list(invariants.breaches([rule]))
            broken += len(found)
            if verbosity and not found:
                self.stdout.write(f"holds   {rule}")
            for breach in found:
                self.stdout.write(f"BROKEN  {breach}")
        if broken:
            raise CommandError(f"{broken} breaches.")
