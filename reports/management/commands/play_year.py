"""``manage play_year --units 1000``: a whole year by the operations of the screens, with counts, seconds and memory."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from random import Random
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.transitions import SYSTEM
from movement.models import Participation
from reports import invariants
from reports.demo.crew import crew, peak_megabytes, processor_seconds
from reports.demo.province import Seeder, find_province, is_seeded, seed_government, seed_units
from reports.demo.year import Played, play_year, totals
from units.models import Unit


class Command(BaseCommand):
    help = "Plays the next free year of the demo province with N units and prints what each step took."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--units", type=int, default=200)
        parser.add_argument("--province", default="12", help="code of the province (12: Lai Châu)")
        parser.add_argument("--processes", type=int, default=2, help="worker processes; 0 plays in this one")

    def handle(self, *, units: int, province: str, processes: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Years are only played where settings.DEMO says so: not in production.")
        at = clock.now()
        area = find_province(province, at)
        seeder = Seeder(area, at, Random(units))
        if not is_seeded(area):
            seed_government(seeder)
        have = Unit.objects.filter(area__parent=area).count()
        if have < units:
            self.stdout.write(f"Seeding {units - have} more units …")
            seed_units(seeder, units - have)
        began = time.perf_counter()
        with crew(processes) as hands:
            played = play_year(area, units=units, actor=SYSTEM, at=at, crew=hands, say=self.stdout.write)
        self._report(played, time.perf_counter() - began)
        breaches = list(invariants.breaches())
        for breach in breaches:
            self.stderr.write(str(breach))
        if breaches:
            raise CommandError(f"{len(breaches)} invariants are broken.")

    def _report(self, played: Played, seconds: float) -> None:
        write = self.stdout.write
        write(f"\n{'step':<10}{'seconds':>9}  counts")
        for name, line in played.lines.items():
            write(f"{name:<10}{line.seconds:>9.1f}  {', '.join(f'{key} {count}' for key, count in sorted(line.counts.items()))}")
        render = played.lines["render"]
        own, children = peak_megabytes()
        participations = Participation.objects.filter(campaign=played.campaign).count()
        write(f"\nYear {played.campaign.year}: {participations} units invited, {seconds:.1f} s in all.")
        files = render.counts["files"]
        write(f"Decisions, certificates, notices: {files} files, {files / max(render.seconds, 0.001):.1f} per second.")
        write(f"Processor time without database and broker: {processor_seconds():.0f} s.")
        write(f"Peak memory: this process {own:.0f} MB, the largest worker {children:.0f} MB.")
        for name, value in totals(played.campaign).items():
            write(f"{name}: {value}")
