"""Every invariant holds after a played year, and each is seen to fail when its breach is planted."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from core import audit, clock
from core.models import Job, JobItem, OutboxMessage, StoredFile
from core.transitions import SYSTEM
from directives.models import NumberSeries
from evaluations.models import Answer, Certificate, Dossier, Evidence, Recognition
from evaluations.transitions.appraisal import receive_dossier
from evaluations.transitions.decision import release_decision
from movement.models import Campaign, Participation
from reports import invariants
from reports.demo import assessing, deciding, registering, stages
from reports.demo.fates import Fate
from reports.demo.moments import Moments
from reports.demo.offices import Office, people_of
from reports.invariants.states import TABLES, stateful_models
from tests.world import START, World
from units.models import AreaReach, RoleGrant
from units.roles import Role

pytestmark = pytest.mark.django_db


@dataclass
class Year:
    """One residential area recognised, a school returned: what the plants below break."""

    world: World
    office: Office
    dossier: Dossier
    returned: Dossier

    @property
    def certificate(self) -> Certificate:
        return Certificate.objects.get(recognition__dossier=self.dossier)


@pytest.fixture
def year(world: World, monkeypatch: pytest.MonkeyPatch) -> Year:
    """A played year whose papers are a few bytes each: what is printed is tested elsewhere."""
    printed = iter(range(10_000))
    monkeypatch.setattr("core.pdf.render", lambda template, document: f"%PDF {next(printed)}".encode())
    audit.record("campaign.open", world.campaign, actor=SYSTEM, from_state="draft", to_state="open")
    office = Office.of(world.campaign, world.commune)
    rows = {row.unit_id: row for row in office.participations(["residential_area", "school"])}
    moments = Moments.at_once(world.at)
    for unit in (world.residential_area, world.school):
        registering.register(office, rows[unit.pk], people_of(rows.values())[unit.pk], Fate.PLAIN, moments)
    stages.drain_outbox()
    dossiers = [Dossier.objects.get(participation__unit=unit) for unit in (world.residential_area, world.school)]
    people = people_of(rows.values())
    submitted = [assessing.assess(office, dossier, people[dossier.participation.unit_id], Fate.PLAIN, moments) for dossier in dossiers]
    assessing.appraise(office, submitted[0], people[world.residential_area.pk], Fate.PLAIN, moments)
    received = receive_dossier(submitted[1], actor=office.officers[1], at=world.at)
    returned, _answer = assessing.send_back(received, office.officers[1], world.at)
    session = deciding.hold_session(office, world.at)
    decision = deciding.decide(office, session, world.at)
    stages.render_job(decision.job_id)
    release_decision(decision, actor=office.chair, at=world.at)
    stages.drain_outbox()
    return Year(world, office, Dossier.objects.get(pk=dossiers[0].pk), returned)


def test_every_invariant_holds_after_a_year(year: Year) -> None:
    assert year.dossier.state == "decided"
    assert [str(breach) for breach in invariants.breaches()] == []


def test_every_stateful_model_has_its_table() -> None:
    assert set(TABLES) == set(stateful_models())


# ---------- Plants ----------


def second_dossier(year: Year) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE evaluations_dossier DROP CONSTRAINT evaluations_dossier_participation_id_key")
        cursor.execute(
            "INSERT INTO evaluations_dossier (participation_id, plan_id, on_behalf, opened_at, return_count, "
            "confirmed_until_window_end, self_result, result, state) "
            "SELECT participation_id, plan_id, false, opened_at, 0, false, '', '', 'open' FROM evaluations_dossier WHERE id = %s",
            [year.dossier.pk],
        )


def other_answer_result(year: Year) -> None:
    answer = year.dossier.answers.filter(question__answer_kind="no_incident").first()
    Answer.objects.filter(pk=answer.pk).update(self_result="not_met", appraised_reason="x")


def other_own_result(year: Year) -> None:
    Dossier.objects.filter(pk=year.dossier.pk).update(self_result="not_met")


def state_by_hand(year: Year) -> None:
    Dossier.objects.filter(pk=year.returned.pk).update(state="received")


def event_off_the_edges(year: Year) -> None:
    audit.record("dossier.submit", year.dossier, actor=SYSTEM, from_state="decided", to_state="decided")


def event_out_of_turn(year: Year) -> None:
    audit.record("dossier.propose", year.dossier, actor=SYSTEM, from_state="received", to_state="proposed")


def answer_after_submission(year: Year) -> None:
    Answer.objects.filter(pk=year.dossier.answers.first().pk).update(answered_at=year.dossier.submitted_at + timedelta(minutes=1))


def evidence_removed_after_submission(year: Year) -> None:
    Evidence.objects.filter(answer__dossier=year.dossier).update(removed_at=year.dossier.submitted_at + timedelta(minutes=1))


def answer_that_was_not_returned(year: Year) -> None:
    locked = year.returned.answers.filter(is_unlocked=False).first()
    Answer.objects.filter(pk=locked.pk).update(answered_at=clock.now() + timedelta(minutes=1))


def recorded_write_after_submission(year: Year) -> None:
    audit.record("dossier.answer", year.dossier, actor=year.world.cast.head)


def closed_yesterday(year: Year) -> None:
    day = clock.today() - timedelta(days=1)
    Campaign.objects.filter(pk=year.world.campaign.pk).update(closes_on=day)


def certificate_of_a_unit_not_met(year: Year) -> None:
    Recognition.objects.filter(dossier=year.dossier).update(result="not_met")


def decided_without_decision(year: Year) -> None:
    Dossier.objects.filter(pk=year.dossier.pk).update(result="not_met")


def certificate_without_file(year: Year) -> None:
    Certificate.objects.filter(pk=year.certificate.pk).update(file=None)


def released_and_not_decided(year: Year) -> None:
    Dossier.objects.filter(pk=year.dossier.pk).update(state="proposed")


def gap_in_a_series(year: Year) -> None:
    NumberSeries.objects.filter(type="GCN").update(last_number=2)


def gap_in_dossier_codes(year: Year) -> None:
    Participation.objects.filter(unit=year.world.agency).update(code=f"ANTT-03390-{year.world.campaign.year}-0002")


def appraised_by_the_submitter(year: Year) -> None:
    Answer.objects.filter(dossier=year.dossier).update(appraised_by=year.dossier.submitted_by)


def appraiser_of_the_own_unit(year: Year) -> None:
    RoleGrant.objects.create(user=year.office.officers[1], role=Role.UNIT_OFFICER, unit=year.world.residential_area, valid_from=START)


def voter_of_the_own_unit(year: Year) -> None:
    RoleGrant.objects.create(user=year.world.cast.member_one, role=Role.UNIT_OFFICER, unit=year.world.residential_area, valid_from=START)


def one_byte_changed(year: Year) -> None:
    path = default_storage.path(year.certificate.file.path)
    with open(path, "r+b") as content:
        content.seek(1)
        content.write(b"X")


def content_lost(year: Year) -> None:
    default_storage.delete(year.certificate.file.path)


def orphan(year: Year) -> None:
    name = default_storage.save("aa/bb/orphan", ContentFile(b"left behind"))
    old = (clock.now() - timedelta(days=2)).timestamp()
    os.utime(default_storage.path(name), (old, old))


def message_given_up(year: Year) -> None:
    OutboxMessage.objects.create(kind="x", created_at=clock.now(), attempts=5, error="broken")


def job_called_done(year: Year) -> None:
    job = Job.objects.create(kind="x", label="x", outcome=Job.Outcome.DONE, created_at=clock.now())
    JobItem.objects.create(job=job, key="1")


def registered_without_dossier(year: Year) -> None:
    audit_free = year.world.registration(year.world.agency)
    type(audit_free).objects.filter(pk=audit_free.pk).update(
        state="received",
        signed_at=clock.now(),
        signed_by=year.world.cast.agency_head,
        received_at=clock.now(),
        received_by=year.office.officers[0],
    )


def printed_twice(year: Year) -> None:
    file = year.certificate.file
    StoredFile.objects.create(
        sha256=file.sha256, size=file.size, name=file.name, content_type="application/pdf", purpose="certificate", created_at=clock.now()
    )


def commune_out_of_reach(year: Year) -> None:
    AreaReach.objects.filter(viewer=year.world.province, area=year.world.neighbour).delete()


PLANTS: list[tuple[Callable[[Year], None], str]] = [
    (second_dossier, "one dossier per unit and campaign"),
    (other_answer_result, "results recomputed equal results stored"),
    (other_own_result, "results recomputed equal results stored"),
    (state_by_hand, "states change along declared edges, one event each"),
    (event_off_the_edges, "states change along declared edges, one event each"),
    (event_out_of_turn, "states change along declared edges, one event each"),
    (answer_after_submission, "nothing in a submitted dossier changes"),
    (evidence_removed_after_submission, "nothing in a submitted dossier changes"),
    (answer_that_was_not_returned, "nothing in a submitted dossier changes"),
    (recorded_write_after_submission, "nothing in a submitted dossier changes"),
    (closed_yesterday, "nothing in a closed campaign changes"),
    (certificate_of_a_unit_not_met, "a certificate rests on a released decision and a met dossier"),
    (decided_without_decision, "a certificate rests on a released decision and a met dossier"),
    (certificate_without_file, "a released decision has all its files, certificates and dossiers"),
    (released_and_not_decided, "a released decision has all its files, certificates and dossiers"),
    (gap_in_a_series, "numbers are unique and without gaps"),
    (gap_in_dossier_codes, "numbers are unique and without gaps"),
    (appraised_by_the_submitter, "submitter, appraiser and voter are different persons"),
    (appraiser_of_the_own_unit, "nobody appraises or votes on the own unit"),
    (voter_of_the_own_unit, "nobody appraises or votes on the own unit"),
    (one_byte_changed, "stored files fit their recorded hash and size"),
    (content_lost, "stored files fit their recorded hash and size"),
    (orphan, "no file without a row is older than a day"),
    (message_given_up, "effects happen, and happen once"),
    (job_called_done, "effects happen, and happen once"),
    (registered_without_dossier, "effects happen, and happen once"),
    (printed_twice, "effects happen, and happen once"),
    (commune_out_of_reach, "province equals the sum of its communes"),
]


@pytest.mark.parametrize(("plant", "rule"), PLANTS, ids=[plant.__name__ for plant, _rule in PLANTS])
def test_invariant_sees_its_breach(year: Year, plant: Callable[[Year], None], rule: str) -> None:
    assert list(invariants.breaches([rule])) == []

    plant(year)

    assert {breach.rule for breach in invariants.breaches([rule])} == {rule}


def test_every_rule_has_a_plant() -> None:
    assert {rule for _plant, rule in PLANTS} == set(invariants.CHECKS)


def test_command_prints_what_holds(year: Year) -> None:
    out = StringIO()

    call_command("check_invariants", stdout=out)

    assert out.getvalue().count("holds") == len(invariants.CHECKS)


def test_command_fails_on_a_breach(year: Year) -> None:
    gap_in_a_series(year)
    out = StringIO()

    with pytest.raises(CommandError, match="1 breaches"):
        call_command("check_invariants", stdout=out)

    assert "BROKEN  numbers are unique and without gaps: series" in out.getvalue()
