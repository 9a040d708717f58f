"""``manage check_chain --base-url URL``: one unit's year through the pages of the running demo, to the checked certificate."""

from __future__ import annotations

import secrets
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core import clock
from movement.models import Campaign, SteeringCommittee
from reports.chain.browser import Browser, ChainBroken, HttpTransport
from reports.chain.story import Cast, Story
from reports.demo.accounts import DEMO_PASSWORD
from units.models import RoleGrant
from units.querysets import current
from units.roles import Role


class Command(BaseCommand):
    help = "Drives one registration through the running demo to the checked certificate, over HTTP."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--base-url", required=True, help="address of the running demo, http://127.0.0.1:8000")

    def handle(self, *, base_url: str, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The chain is driven with demo accounts: not in production.")
        began = time.perf_counter()
        story = Story(self._cast(), visitor=lambda: Browser(HttpTransport(base_url)), wait=time.sleep, say=self.stdout.write)
        try:
            url = story.play()
        except (ChainBroken, LookupError) as broken:
            raise CommandError(f"The chain is broken: {broken}") from broken
        self.stdout.write(self.style.SUCCESS(f"{time.perf_counter() - began:6.1f} s  the whole chain; {base_url.rstrip('/')}{url}"))

    def _cast(self) -> Cast:
        """The people of the first commune of the demo's newest campaign of this year."""
        today = clock.today()
        campaign = Campaign.objects.open().filter(is_trial=False, closes_on__gte=today).order_by("year", "pk").first()
        officers = RoleGrant.objects.filter(current(today), role=Role.COMMUNE_OFFICER).select_related("user", "area")
        first = officers.order_by("area__code", "pk").first()
        if campaign is None or first is None or first.area is None:
            raise CommandError("There is no demo to drive: run seed_demo.")
        keeper, appraiser = [grant.user.username for grant in officers.filter(area=first.area).order_by("pk")][:2]
        committee = SteeringCommittee.objects.get(authority__area=first.area, valid_to__isnull=True)
        members = [seat.user.username for seat in committee.memberships.filter(user__isnull=False).select_related("user") if seat.user]
        mark = secrets.token_hex(3)
        return Cast(
            commune=first.area.proper_name,
            campaign_id=campaign.pk,
            keeper=keeper,
            appraiser=appraiser,
            chair=members[0],
            members=tuple(members),
            password=DEMO_PASSWORD,
            today=today,
            unit_name=f"Bản Thử Nghiệm {mark}",
            head=f"thu-nghiem-{mark}",
        )
