"""From the closed session to the released decision: numbers, files, visibility."""

from __future__ import annotations

import pytest

from core import outbox
from core.models import Notice
from core.transitions import DomainError
from evaluations.models import Certificate, Recognition
from evaluations.operations import decision as decisions
from evaluations.states import DossierState
from evaluations.transitions.decision import release_decision
from tests.factories import appraisals as make
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(world: World) -> dict:
    """One dossier each that is voted met, not met and not carried."""
    return {
        make.dossier_of(world, world.residential_area, DossierState.PROPOSED): "met",
        make.dossier_of(world, world.agency, DossierState.PROPOSED, result="not_met", submitter=world.cast.agency_head): "not_met",
        make.dossier_of(world, world.school, DossierState.PROPOSED, submitter=world.cast.school_head): "abstain",
    }


def test_decision_year_from_draft_to_release(world: World, three: dict) -> None:
    met, not_met, not_carried = three
    decision = make.approved_decision(world, three)

    assert (decision.state, decision.document.number, decision.document.state) == ("approved", 1, "signed")
    assert [(row.dossier, row.result, row.position) for row in decision.recognitions.all()] == [(met, "met", 1), (not_met, "not_met", 2)]
    certificate = Certificate.objects.get()
    assert (certificate.recognition.dossier, certificate.number, len(certificate.code)) == (met, 1, 26)
    with pytest.raises(DomainError, match="3 tệp"):
        release_decision(decision, actor=world.cast.chair, at=world.at)

    make.run_job(decision.job)
    assert decisions.missing_files(decision) == 0
    released = release_decision(decision, actor=world.cast.chair, at=world.at)
    outbox.sweep()

    assert (released.state, released.document.state) == ("released", "issued")
    for dossier in three:
        dossier.refresh_from_db()
    assert [(dossier.state, dossier.result) for dossier in three] == [("decided", "met"), ("decided", "not_met"), ("proposed", "met")]
    assert not met.answers.exclude(decided_result="met").exists()
    notice = Recognition.objects.get(dossier=not_met).notice_document
    assert (notice.state, notice.reference_number) == ("issued", "01/TB-UBND")
    told = set(Notice.objects.values_list("user__username", flat=True))
    assert {"ban.truong", "ban.canbo", "tram.truong", "xa.canbo", "xa.canbo2", "xa.truongban"} <= told
    assert "lang.canbo" not in told
