"""Decided results as rows, without playing the year: for what only reads them."""

from __future__ import annotations

import secrets
from datetime import timedelta

from core import clock, files
from directives.models import NumberSeries, OfficialDocument
from evaluations.models import AssessmentPlan, Certificate, CommitteeSession, Decision, Dossier, Recognition
from movement.models import SteeringCommittee
from tests.world import World
from units.models import Unit

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def decision_of(world: World, committee: SteeringCommittee, *, state: str = "released") -> Decision:
    """A decision with its document and a closed session behind it."""
    authority = committee.authority
    file = files.store_bytes(b"%PDF-1.7 quyet dinh", name="quyet-dinh.pdf", content_type="application/pdf", purpose="decision")
    session = CommitteeSession.objects.create(
        committee=committee,
        campaign=world.campaign,
        held_at=world.at - timedelta(days=1),
        place="Hội trường",
        secretary="Thư ký Mẫu",
        state="closed",
        closed_at=world.at,
        minutes=file,
    )
    series, _made = NumberSeries.objects.get_or_create(authority=authority, type="QĐ", year=world.campaign.year)
    series.last_number += 1
    series.save()
    document = OfficialDocument.objects.create(
        authority=authority,
        type="QĐ",
        series=series,
        number=series.last_number,
        symbol="QĐ-UBND",
        summary="Về việc công nhận đạt tiêu chuẩn “An toàn về an ninh, trật tự”",
        issued_on=clock.local_date(world.at),
        signatory=authority.signatories.get(),
        file=file,
        state="issued" if state == "released" else "signed",
    )
    released_at = world.at if state == "released" else None
    return Decision.objects.create(session=session, document=document, state=state, approved_at=world.at, released_at=released_at)


def recognition_of(world: World, unit: Unit, *, decision: Decision, result: str = "met") -> Recognition:
    """The decided dossier of a unit with its recognition, and its certificate when met."""
    participation = world.participation(unit)
    officer = world.cast.commune_officer
    dossier, _made = Dossier.objects.get_or_create(
        participation=participation,
        defaults={
            "plan": AssessmentPlan.objects.get(campaign=world.campaign, unit_kind=unit.kind),
            "opened_at": world.at,
            "submitted_at": world.at,
            "submitted_by": world.cast.head,
            "received_at": world.at,
            "received_by": officer,
            "result": result,
            "state": "decided" if decision.state == "released" else "proposed",
        },
    )
    recognition = Recognition.objects.create(
        dossier=dossier,
        decision=decision,
        position=decision.recognitions.count() + 1,
        result=result,
        unit_name=participation.name,
        place_name=f"{participation.area.name}, {world.province.name}",
    )
    if result == "met":
        certificate_of(recognition)
    return recognition


def certificate_of(recognition: Recognition, *, replaces: Certificate | None = None) -> Certificate:
    """A certificate in its authority's register, with a file."""
    authority = recognition.decision.document.authority
    series, _made = NumberSeries.objects.get_or_create(authority=authority, type="GCN", year=recognition.decision.document.series.year)
    series.last_number += 1
    series.save()
    file = files.store_bytes(b"%PDF-1.7 giay", name="giay-cong-nhan.pdf", content_type="application/pdf", purpose="certificate")
    code = "".join(secrets.choice(ALPHABET) for _place in range(26))
    return Certificate.objects.create(
        recognition=recognition, series=series, number=series.last_number, code=code, file=file, replaces=replaces
    )
