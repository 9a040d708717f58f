"""``manage seed_demo``: an invented province on real places, its accounts, and a campaign in full swing."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from random import Random
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core import clock
from movement.models import Campaign
from reports.demo.crew import crew
from reports.demo.mixed import seed_campaign
from reports.demo.province import Seeder, find_province, is_seeded, seed_government, seed_units
from units.models import Authority, User
from units.roles import Role


class Command(BaseCommand):
    help = "Makes an invented, plausible province on real areas, with an account for every role and a campaign laid around today."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--province", default="12", help="code of the province (12: Lai Châu)")
        parser.add_argument("--units", type=int, default=200, help="units besides the communes themselves")
        parser.add_argument("--if-empty", action="store_true", help="do nothing when a province was entered before")
        parser.add_argument("--processes", type=int, default=2, help="worker processes for the campaign; 0 works in this one")

    def handle(self, *, province: str, units: int, if_empty: bool, processes: int, verbosity: int = 1, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo is only made where settings.DEMO says so: not in production.")
        if if_empty and Authority.objects.exists():
            return
        began, at = time.perf_counter(), clock.now()
        area = find_province(province, at)
        if is_seeded(area):
            raise CommandError(f"{area} was entered before. Use --if-empty to leave it as it is.")
        seeder = Seeder(area, at, Random(int(province)))
        seed_government(seeder)
        count = seed_units(seeder, units)
        officer = User.objects.filter(grants__role=Role.PROVINCE_OFFICER, grants__area=area).order_by("pk")[0]
        with crew(processes) as hands:
            campaign = seed_campaign(area, actor=officer, at=at, crew=hands)
        if verbosity:
            self.stdout.write(
                f"{area}: {len(seeder.communes())} communes, {count} units, {User.objects.count()} accounts, "
                f"campaign {Campaign.objects.get(pk=campaign.pk)} in {time.perf_counter() - began:.0f} s."
            )
