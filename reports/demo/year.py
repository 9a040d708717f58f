"""A whole year of a province, played step by step by the operations that the screens call, and measured."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Max

from core import clock, jobs, outbox
from core.models import OutboxMessage, StoredFile
from core.transitions import Actor
from evaluations.models import Certificate, Decision, Dossier, Recognition
from evaluations.operations.campaign import open_campaign_with_plans
from movement.calendar import Calendar, default_calendar
from movement.models import Campaign, ModelPractice, Participation
from movement.operations import create_campaign
from reports import certificates
from reports.demo import stages
from reports.demo.crew import Crew
from reports.demo.province import rate_models
from units.models import Area
from units.roles import UnitKind

# Communes come last: their 70 % figure is a snapshot of their units' released results (TT 124/2021, Đ5.4).
WAVES: Final = (
    (UnitKind.RESIDENTIAL_AREA,),
    (UnitKind.AGENCY, UnitKind.ENTERPRISE, UnitKind.SCHOOL),
    (UnitKind.COMMUNE,),
)
PDF_PURPOSES: Final = {"certificate", "decision", "notice"}


@dataclass
class Line:
    """What one step did over all waves, and how long it took."""

    counts: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


@dataclass
class Played:
    """The outcome of a year."""

    campaign: Campaign
    lines: dict[str, Line] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[Counter[str]]:
        line = self.lines.setdefault(name, Line())
        counts: Counter[str] = Counter()
        began = time.perf_counter()
        yield counts
        line.seconds += time.perf_counter() - began
        line.counts += counts

    @property
    def seconds(self) -> float:
        return sum(line.seconds for line in self.lines.values())


def next_free_year(province: Area, at: datetime) -> int:
    last = Campaign.objects.filter(province=province, is_trial=False).aggregate(last=Max("year"))["last"]
    return (last or clock.local_date(at).year - 1) + 1


def open_year(province: Area, year: int, calendar: Calendar, *, actor: Actor, at: datetime) -> Campaign:
    """Draw a campaign up, open it, and invite every unit by its own job, here and now."""
    rate_models(ModelPractice.objects.filter(unit__area__parent=province), year)
    draft = create_campaign(
        province=province,
        year=year,
        title=f"Đợt xét công nhận năm {year}",
        starts_on=calendar.starts_on,
        closes_on=calendar.closes_on,
        windows=calendar.windows,
        milestones=calendar.milestones,
        actor=actor,
        at=at,
    )
    with outbox.by_hand():
        campaign = open_campaign_with_plans(draft, actor=actor, at=at)
        assert campaign.job_id is not None, "opening a campaign starts a job"
        while jobs.run(campaign.job_id):
            pass
    return campaign


def play_year(province: Area, *, units: int, actor: Actor, at: datetime, crew: Crew, say: Callable[[str], None]) -> Played:
    """Carry ``units`` units of a seeded province through its next free year, from the invitation to the checked certificate."""
    began = time.perf_counter()
    year = next_free_year(province, at)
    played = Played(open_year(province, year, default_calendar(year), actor=actor, at=at))
    played.lines["invite"] = Line(Counter(invited=played.campaign.participations.count()), time.perf_counter() - began)
    chosen = choose(played.campaign, units)
    everybody = tuple(UnitKind.values)
    _over_areas(played, "register", stages.register_area, crew, everybody, chosen)
    _drain(played, crew)
    for kinds in WAVES:
        say(f"{year}: {', '.join(kinds)}")
        for name, stage in (
            ("assess", stages.assess_area),
            ("appraise", stages.appraise_area),
            ("vote", stages.vote_area),
            ("approve", stages.approve_area),
        ):
            _over_areas(played, name, stage, crew, kinds, chosen)
        _render(played, crew)
        _over_areas(played, "release", stages.release_area, crew, kinds, chosen)
        _drain(played, crew)
    _check_certificates(played)
    return played


def choose(campaign: Campaign, units: int) -> frozenset[int]:
    """So many participations, spread evenly over the communes: by running number first, by commune second."""
    rows = Participation.objects.eligible().filter(campaign=campaign).values_list("pk", "code")
    return frozenset(pk for pk, _code in sorted(rows, key=lambda row: (row[1].rpartition("-")[2], row[1]))[:units])


def _areas(campaign: Campaign, kinds: tuple[str, ...], chosen: frozenset[int]) -> list[int]:
    """Areas that handle chosen units of these kinds, those with most of them first, so that the processes end together."""
    rows = Participation.objects.filter(campaign=campaign, kind__in=kinds, pk__in=chosen).values("handling_area")
    return [row["handling_area"] for row in rows.annotate(count=Count("pk")).order_by("-count", "handling_area")]


def _over_areas(
    played: Played, name: str, stage: Callable[..., Counter[str]], crew: Crew, kinds: tuple[str, ...], chosen: frozenset[int]
) -> None:
    with played.step(name) as counts:
        counts.update(crew.each(stage, [(played.campaign.pk, area, kinds, chosen) for area in _areas(played.campaign, kinds, chosen)]))


def _drain(played: Played, crew: Crew) -> None:
    with played.step("outbox") as counts:
        counts.update(crew.together(stages.drain_outbox))


def _render(played: Played, crew: Crew) -> None:
    """Every job gets as many runners as there are processes; those that find nothing left are done at once."""
    approved = Decision.objects.filter(session__campaign=played.campaign, state="approved", job__isnull=False)
    jobs_waiting = list(approved.annotate(files=Count("recognitions")).order_by("-files").values_list("job", flat=True))
    before = _printed()
    with played.step("render") as counts:
        crew.each(stages.render_job, [(job,) for job in jobs_waiting for _runner in range(max(crew.size, 1))])
        counts["files"] = _printed() - before


def _printed() -> int:
    return StoredFile.objects.filter(purpose__in=PDF_PURPOSES).count()


def _check_certificates(played: Played) -> None:
    """Ask for every certificate what a phone would be told."""
    with played.step("check") as counts:
        codes = Certificate.objects.filter(recognition__decision__session__campaign=played.campaign).values_list("code", flat=True)
        for code in codes:
            counts[certificates.check(code).outcome] += 1


def totals(campaign: Campaign) -> dict[str, Any]:
    """How the units of a campaign stand at its end."""
    rows = Dossier.objects.filter(participation__campaign=campaign)
    return {
        "dossiers": dict(rows.values_list("state").annotate(count=Count("pk"))),
        "results": dict(
            Recognition.objects.filter(dossier__participation__campaign=campaign).values_list("result").annotate(count=Count("pk"))
        ),
        "failed messages": OutboxMessage.objects.filter(done_at__isnull=True).exclude(error="").count(),
    }
