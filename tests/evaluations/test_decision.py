"""From the closed session to the released decision: numbers, files, visibility."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from core import clock, files, jobs, outbox, pdf
from core.models import AuditEvent, JobItem, Notice, StoredFile
from core.transitions import DomainError, TransitionRefused
from directives import operations as registers
from directives.models import NumberSeries
from evaluations.models import Certificate, Decision, Dossier, Recognition
from evaluations.operations import decision as decisions
from evaluations.operations import session as sessions
from evaluations.states import DecisionState, DossierState
from evaluations.tasks import decide_dossiers
from evaluations.transitions.decision import approve_decision, release_decision
from evaluations.transitions.session import close_session
from tests import reading
from tests.factories import appraisals as make
from tests.world import World
from units.models import Signatory, User

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
    met, not_met, _not_carried = three
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


# ---------- States ----------


@pytest.mark.parametrize("verb", ["approve", "release"])
@pytest.mark.parametrize("state", DecisionState.values)
def test_verb_starts_only_from_its_state(verb: str, state: str, world: World) -> None:
    dossier = make.dossier_of(world, world.residential_area, DossierState.PROPOSED)
    decision = decision_in(world, state, dossier)

    if (verb, state) in {("approve", "pending"), ("release", "approved")}:
        assert act(world, verb, decision).state == {"approve": "approved", "release": "released"}[verb]
    else:
        with pytest.raises(TransitionRefused):
            act(world, verb, decision)


def decision_in(world: World, state: str, dossier: Dossier) -> Decision:
    if state == "released":
        return make.released_decision(world, {dossier: "met"})
    if state == "approved":
        decision = make.approved_decision(world, {dossier: "met"})
        make.run_job(decision.job)
        return decision
    return decisions.draft_decision(make.closed_session(world, {dossier: "met"}), actor=world.cast.commune_officer, at=world.at)


def act(world: World, verb: str, decision: Decision, *, actor: User | None = None, **changes: object) -> Decision:
    actor = actor or world.cast.chair
    if verb == "release":
        return release_decision(decision, actor=actor, at=world.at)
    values = {"signatory": world.commune_authority.signatories.first(), "issued_on": clock.local_date(world.at)} | changes
    return approve_decision(decision, actor=actor, at=world.at, **values)


@pytest.mark.parametrize("who", ["commune_officer", "member_one", "province_chair", "province_officer", "head", "leader", "nobody"])
@pytest.mark.parametrize(("verb", "state"), [("approve", "pending"), ("release", "approved")])
def test_only_the_chair_approves_and_releases(who: str, verb: str, state: str, world: World) -> None:
    decision = decision_in(world, state, make.dossier_of(world, world.residential_area, DossierState.PROPOSED))

    with pytest.raises(PermissionDenied):
        act(world, verb, decision, actor=getattr(world.cast, who))


def test_deputy_approves_for_a_chair_with_a_conflict(world: World) -> None:
    session = make.session_of(world, [make.dossier_of(world, world.residential_area, DossierState.PROPOSED)], opened=True)
    seat = sessions.seat_of(session, world.cast.chair)
    sessions.declare_conflict(session, member=seat, unit=world.residential_area, ground="Họ hàng", actor=world.cast.chair, at=world.at)
    item = session.items.get()
    make.vote(world, item, "met", [world.cast.member_one, world.cast.member_two])
    sessions.close_voting(item, actor=world.cast.member_one, at=world.at)
    closed = close_session(session, actor=world.cast.member_one, at=world.at)
    decision = decisions.draft_decision(closed, actor=world.cast.commune_officer, at=world.at)

    with pytest.raises(PermissionDenied):
        act(world, "approve", decision)
    assert act(world, "approve", decision, actor=world.cast.member_one).state == "approved"


# ---------- Drafts ----------


def test_draft_wants_a_closed_session_with_something_carried(world: World) -> None:
    dossier = make.dossier_of(world, world.residential_area, DossierState.PROPOSED)
    running = make.session_of(world, [dossier], opened=True)
    keeper = world.cast.commune_officer

    with pytest.raises(DomainError, match="chưa kết thúc"):
        decisions.draft_decision(running, actor=keeper, at=world.at)
    sessions.close_voting(running.items.get(), actor=world.cast.chair, at=world.at)  # no ballots: not carried
    closed = close_session(running, actor=world.cast.chair, at=world.at)
    with pytest.raises(DomainError, match="không kết luận hồ sơ nào"):
        decisions.draft_decision(closed, actor=keeper, at=world.at)


def test_one_decision_per_session_by_the_standing_office(world: World) -> None:
    session = make.closed_session(world, {make.dossier_of(world, world.residential_area, DossierState.PROPOSED): "met"})

    with pytest.raises(PermissionDenied):
        decisions.draft_decision(session, actor=world.cast.neighbour_officer, at=world.at)
    decisions.draft_decision(session, actor=world.cast.commune_officer, at=world.at)
    with pytest.raises(DomainError, match="đã có dự thảo"):
        decisions.draft_decision(session, actor=world.cast.commune_officer, at=world.at)


# ---------- Approval ----------


def test_signer_must_be_of_the_authority_and_in_office(world: World) -> None:
    decision = decision_in(world, "pending", make.dossier_of(world, world.residential_area, DossierState.PROPOSED))
    today = clock.local_date(world.at)
    gone = Signatory.objects.create(
        authority=world.commune_authority, full_name="Người Đã Nghỉ", title="Chủ tịch", valid_from=today - timedelta(days=90),
        valid_to=today - timedelta(days=1),
    )  # fmt: skip

    for signatory in (world.province_authority.signatories.get(), gone):
        with pytest.raises(DomainError, match="không ký văn bản"):
            act(world, "approve", decision, signatory=signatory)
    assert (Recognition.objects.count(), Certificate.objects.count(), NumberSeries.objects.filter(last_number__gt=0).count()) == (0, 0, 0)


@pytest.mark.parametrize(("days", "words"), [(1, "sau hôm nay"), (-1, "trước ngày họp")])
def test_date_lies_between_session_and_today(days: int, words: str, world: World) -> None:
    decision = decision_in(world, "pending", make.dossier_of(world, world.residential_area, DossierState.PROPOSED))

    with pytest.raises(DomainError, match=words):
        act(world, "approve", decision, issued_on=clock.local_date(world.at) + timedelta(days=days))


def test_number_of_the_office_is_typed_and_used_once(world: World) -> None:
    series = registers.series_for(world.commune_authority, "QĐ", clock.local_date(world.at).year)
    registers.set_mode(series, mode="external", actor=world.cast.commune_officer, at=world.at)
    decision = decision_in(world, "pending", make.dossier_of(world, world.residential_area, DossierState.PROPOSED))

    with pytest.raises(DomainError, match="nhập số"):
        act(world, "approve", decision)
    assert act(world, "approve", decision, number=1486).document.reference_number == "1486/QĐ-UBND"


def test_codes_are_long_and_plain() -> None:
    codes = {decisions.new_code() for _turn in range(500)}

    assert (len(codes), {len(code) for code in codes}, set("".join(codes)) <= set(decisions.CROCKFORD)) == (500, {26}, True)


# ---------- Printing ----------


def test_papers_say_what_was_decided(world: World, three: dict) -> None:
    decision = make.approved_decision(world, three)
    make.run_job(decision.job)
    decision.document.refresh_from_db()
    certificate, notice = Certificate.objects.get(), Recognition.objects.get(result="not_met")

    paper, card, letter = (
        " ".join(reading.texts(files.read(stored))).replace("\u2060", "")
        for stored in (decision.document.file, certificate.file, notice.notice)
    )

    assert "Số: 01/QĐ-UBND" in paper
    assert "Công nhận 01 khu dân cư đạt tiêu chuẩn" in paper
    assert "Bản Nà Đon" in paper
    assert "Trạm Y tế" not in paper
    assert "Bản Nà Đon" in card.replace("BẢN NÀ ĐON", "Bản Nà Đon")
    assert "01/QĐ-UBND" in card
    assert "Số: 01/TB-UBND" in letter
    assert [reason["note"] for reason in notice.reasons] == ["Xảy ra một vụ cháy nghiêm trọng"]
    assert "cháy" in letter  # in a narrow column, broken over lines


def test_decision_with_nobody_recognised_says_so(world: World) -> None:
    dossier = make.dossier_of(world, world.residential_area, DossierState.PROPOSED, result="not_met")
    decision = make.approved_decision(world, {dossier: "not_met"})
    make.run_job(decision.job)
    decision.document.refresh_from_db()

    text = " ".join(reading.texts(files.read(decision.document.file)))

    assert "Chưa công nhận 01 khu dân cư" in text
    assert Certificate.objects.count() == 0


def test_killed_worker_leaves_no_double(world: World, three: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker dies inside a chunk: its transaction is gone, the lease runs out, the next run makes each file once."""
    decision = make.approved_decision(world, three)
    before = StoredFile.objects.count()
    whole = pdf.render

    def dies(template: str, document: object) -> bytes:
        if "certificate" not in template:
            raise SystemExit
        return whole(template, document)

    monkeypatch.setattr(pdf, "render", dies)
    with pytest.raises(SystemExit), transaction.atomic():
        jobs.run(decision.job.pk)
    assert StoredFile.objects.count() == before
    monkeypatch.setattr(pdf, "render", whole)
    JobItem.objects.filter(job=decision.job).update(lease_until=world.at - timedelta(hours=1))

    make.run_job(decision.job)
    decisions.render_files(decision_id=decision.pk, keys=decisions.file_keys(decision))

    assert StoredFile.objects.count() - before == 3
    assert decisions.missing_files(decision) == 0


def test_release_refuses_a_damaged_file(world: World) -> None:
    decision = make.approved_decision(world, {make.dossier_of(world, world.residential_area, DossierState.PROPOSED): "met"})
    make.run_job(decision.job)
    stored = Certificate.objects.get().file
    default_storage.delete(stored.path)
    default_storage.save(stored.path, ContentFile(b"%PDF doctored"))

    with pytest.raises(files.FileDamaged):
        release_decision(decision, actor=world.cast.chair, at=world.at)
    decision.refresh_from_db()
    assert (decision.state, decision.released_at) == ("approved", None)


def test_issued_file_is_never_rendered_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Last year's file is byte-identical after the template has changed."""
    decision = make.released_decision(world, {make.dossier_of(world, world.residential_area, DossierState.PROPOSED): "met"})
    decision.document.refresh_from_db()
    stored = [decision.document.file, Certificate.objects.get().file]
    before = [files.read(each) for each in stored]
    monkeypatch.setattr(pdf, "render", lambda template, document: b"%PDF of another template")

    decisions.render_files(decision_id=decision.pk, keys=decisions.file_keys(decision))

    decision.document.refresh_from_db()
    assert [decision.document.file, Certificate.objects.get().file] == stored
    assert [files.read(each) for each in stored] == before


# ---------- After release ----------


def test_release_is_carried_into_dossiers_once(world: World, three: dict) -> None:
    decision = make.released_decision(world, three)
    outbox.sweep()
    told = Notice.objects.count()

    decide_dossiers(decision_id=decision.pk)

    assert Notice.objects.count() == told
    assert AuditEvent.objects.filter(verb="dossier.decide", refused=False).count() == 2


def test_reissue_replaces_and_keeps_the_old_file(world: World) -> None:
    make.released_decision(world, {make.dossier_of(world, world.residential_area, DossierState.PROPOSED): "met"})
    old = Certificate.objects.get()
    content = files.read(old.file)

    new = decisions.reissue_certificate(old, unit_name="Bản Nà Đòn", reason="Sai dấu", actor=world.cast.commune_officer, at=world.at)

    old.refresh_from_db()
    assert (old.replaced_by, new.number, new.recognition.unit_name) == (new, old.number + 1, "Bản Nà Đòn")
    assert new.code != old.code
    assert files.read(old.file) == content
    with pytest.raises(DomainError, match="đã được thay thế"):
        decisions.reissue_certificate(old, unit_name="Khác", reason="Sai", actor=world.cast.commune_officer, at=world.at)


@pytest.mark.parametrize(("name", "reason"), [(" ", "Sai dấu"), ("Bản Nà Đòn", " ")])
def test_reissue_wants_a_name_and_a_reason(name: str, reason: str, world: World) -> None:
    make.released_decision(world, {make.dossier_of(world, world.residential_area, DossierState.PROPOSED): "met"})

    with pytest.raises(DomainError, match="tên đúng"):
        decisions.reissue_certificate(
            Certificate.objects.get(), unit_name=name, reason=reason, actor=world.cast.commune_officer, at=world.at
        )


def test_reissue_and_reprint_wait_for_the_release_and_the_right_office(world: World) -> None:
    decision = make.approved_decision(world, {make.dossier_of(world, world.residential_area, DossierState.PROPOSED): "met"})
    certificate = Certificate.objects.get()
    keeper, foreign = world.cast.commune_officer, world.cast.neighbour_officer

    with pytest.raises(DomainError, match="chưa công bố"):
        decisions.reissue_certificate(certificate, unit_name="Khác", reason="Sai", actor=keeper, at=world.at)
    with pytest.raises(DomainError, match="chưa công bố"):
        decisions.record_reprint(certificate, actor=keeper, at=world.at)
    make.run_job(decision.job)
    release_decision(decision, actor=world.cast.chair, at=world.at)
    certificate = Certificate.objects.get()
    with pytest.raises(PermissionDenied):
        decisions.reissue_certificate(certificate, unit_name="Khác", reason="Sai", actor=foreign, at=world.at)
    with pytest.raises(PermissionDenied):
        decisions.record_reprint(certificate, actor=foreign, at=world.at)
    assert decisions.record_reprint(certificate, actor=keeper, at=world.at).printed_by == keeper
