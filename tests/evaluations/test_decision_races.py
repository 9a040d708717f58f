"""Two people at once, with real commits: two approvals, two decisions that want a number, two workers on one chunk."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections, transaction

from core import clock, jobs
from core.models import StoredFile
from core.transitions import TransitionRefused
from directives import operations as registers
from directives.models import NumberSeries, OfficialDocument
from evaluations.models import Certificate, Decision
from evaluations.operations import decision as decisions
from evaluations.states import DossierState
from evaluations.transitions.decision import approve_decision
from tests import world as worlds
from tests.factories import appraisals as make
from tests.world import World

pytestmark = pytest.mark.usefixtures("committed_db")


def together(*acts: Callable[[], object]) -> list[object]:
    """Run the acts at the same moment on connections of their own; answers or exceptions in order."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            barrier.wait(timeout=10)
            return act()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def pending(world: World, unit_name: str) -> Decision:
    dossier = make.dossier_of(world, getattr(world, unit_name), DossierState.PROPOSED)
    return decisions.draft_decision(make.closed_session(world, {dossier: "met"}), actor=world.cast.commune_officer, at=world.at)


def approve(world: World, decision: Decision) -> Decision:
    return approve_decision(
        Decision.objects.get(pk=decision.pk),
        actor=type(world.cast.chair).objects.get(pk=world.cast.chair.pk),
        at=world.at,
        signatory=world.commune_authority.signatories.get(),
        issued_on=clock.local_date(world.at),
    )


def test_two_approvals_of_one_decision_take_one_number() -> None:
    world = worlds.build()
    decision = pending(world, "residential_area")

    outcomes = together(lambda: approve(world, decision), lambda: approve(world, decision))

    assert sorted(type(outcome) for outcome in outcomes if isinstance(outcome, Exception)) == [TransitionRefused]
    assert list(OfficialDocument.objects.filter(number__isnull=False).values_list("number", flat=True)) == [1]
    assert Certificate.objects.count() == 1


def test_decisions_approved_at_once_get_numbers_without_a_gap() -> None:
    world = worlds.build()
    drafts = [pending(world, name) for name in ("residential_area", "school", "agency", "enterprise")]

    outcomes = together(*(lambda decision=decision: approve(world, decision) for decision in drafts))

    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert sorted(OfficialDocument.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
    assert sorted(Certificate.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_numbers_taken_without_the_lock_would_collide(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same race without ``FOR UPDATE`` gives a number twice."""
    world = worlds.build()
    series = registers.series_for(world.commune_authority, "TB", 2026)
    barrier = Barrier(2)

    def unlocked(found: NumberSeries) -> NumberSeries:
        row = NumberSeries.objects.get(pk=found.pk)
        barrier.wait(timeout=10)
        return row

    monkeypatch.setattr(registers, "_lock", unlocked)
    assert together(lambda: registers.take_number(series), lambda: registers.take_number(series)) == [1, 1]


def test_two_workers_on_one_chunk_make_each_file_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "wake", lambda job_id: None)  # the two below are the workers
    world = worlds.build()
    decision = approve(world, pending(world, "residential_area"))
    before = StoredFile.objects.count()

    def work() -> int:
        with transaction.atomic():
            return decisions.render_files(decision_id=decision.pk, keys=decisions.file_keys(decision))

    outcomes = together(work, work)

    assert sorted(outcomes) == [0, 2]
    assert StoredFile.objects.count() - before == 2
