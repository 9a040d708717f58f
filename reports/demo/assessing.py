"""November of a unit: answers, self-review meeting, submission; and of its standing office: receipt, appraisal, return, proposal."""

from __future__ import annotations

from datetime import datetime, timedelta

from core import clock
from evaluations import judging
from evaluations.models import Answer, AnswerKind, AnswerResult, Dossier
from evaluations.operations.appraisal import Appraised, record_appraisal
from evaluations.operations.dossier import (
    AnswerInput,
    attach_signed_paper,
    keep_on_behalf,
    record_self_review,
    save_answers,
    take_snapshot,
)
from evaluations.operations.evidence import add_evidence
from evaluations.sources import APPRAISED
from evaluations.transitions.appraisal import propose_dossier, receive_dossier, return_dossier
from evaluations.transitions.dossier import submit_dossier, withdraw_dossier
from reports.demo import answers as values
from reports.demo.fates import Fate
from reports.demo.moments import Moments
from reports.demo.offices import Office, People
from reports.demo.registering import scan
from units.models import User


def assess(office: Office, dossier: Dossier, people: People, fate: Fate, moments: Moments) -> Dossier:
    """Answer everything, hold the meeting, submit."""
    scribe, _appraiser = office.officers
    at = moments.submit
    writer, signer = people.preparer, people.head
    if fate == Fate.ON_BEHALF:
        writer = signer = scribe
        dossier = keep_on_behalf(dossier, actor=scribe, at=at, reason="Trưởng bản không có điện thoại.")
        attach_signed_paper(dossier, file=scan(scribe, dossier.participation), actor=scribe, at=at)
    for answer in dossier.answers.filter(question__source__in=APPRAISED).select_related("dossier", "question"):
        take_snapshot(answer, actor=office.officers[1], at=at)
    answer_all(dossier, writer, at, fails=fate == Fate.NOT_MET)
    hold_meeting(dossier, writer, people.head, at)
    submitted = submit_dossier(dossier, actor=signer, at=at, nothing_will_change=True)
    if fate == Fate.WITHDRAWN:
        opened = withdraw_dossier(submitted, actor=signer, at=at)
        submitted = submit_dossier(opened, actor=signer, at=at, nothing_will_change=True)
    return submitted


def answer_all(dossier: Dossier, actor: User, at: datetime, *, fails: bool, share: float = 1.0) -> None:
    """One saving for all questions that our own rows did not fill (or the first ``share`` of them), and one paper as evidence."""
    rows = list(dossier.answers.select_related("question__criterion"))
    facts = judging.facts_of(dossier.participation.unit, registered_late=dossier.participation.registration.is_late)
    unanswered = [row for row in rows if not row.self_result]
    open_rows = unanswered[: round(len(unanswered) * share)]
    failing = _incident(open_rows) if fails else None
    inputs = {
        row.pk: AnswerInput(
            value=values.not_met(row.question) if row is failing else values.met(row.question, facts),
            note="Một vụ việc, đã báo cáo Công an xã." if row is failing else "",
            no_file_reason=values.EXPLANATION if row.question.wants_evidence else "",
            version=row.version,
        )
        for row in open_rows
    }
    save_answers(dossier, answers=inputs, actor=actor, at=at)
    first = next((row for row in rows if row.question.wants_evidence), None)
    if first is not None:
        add_evidence(first, actor=actor, at=at, held_on_paper="Cặp hồ sơ phong trào, lưu tại đơn vị")


def _incident(rows: list[Answer]) -> Answer:
    return next(row for row in rows if row.question.answer_kind == AnswerKind.NO_INCIDENT and not row.question.exceptions)


def hold_meeting(dossier: Dossier, writer: User, head: User, at: datetime) -> None:
    """TT 124/2021, Đ9.1: the meeting with its participants; minutes are frozen."""
    participants = [
        {"name": head.full_name, "post": head.post},
        {"name": "Hoàng Văn Minh Họa", "post": "Đại diện đoàn thể"},
        {"name": "Lý Thị Ví Dụ", "post": "Đại diện Công an cơ sở"},
    ]
    record_self_review(
        dossier,
        actor=writer,
        at=at,
        held_at=at - timedelta(hours=2),
        ended_at=at - timedelta(hours=1),
        place="Nhà văn hóa",
        chair=f"{head.full_name}, {head.post}",
        secretary="Hoàng Văn Minh Họa, Đại diện đoàn thể",
        participants=participants,
    )


def appraise(office: Office, dossier: Dossier, people: People, fate: Fate, moments: Moments) -> Dossier:
    """Receive, go through every answer, return once where it is so fated, propose."""
    _scribe, appraiser = office.officers
    at = moments.appraise
    dossier = receive_dossier(dossier, actor=appraiser, at=at)
    if fate == Fate.DOSSIER_RETURNED:
        dossier = _return_and_receive(dossier, people, appraiser, at)
    judge_all(dossier, appraiser, at, overrules=fate == Fate.OVERRULED)
    return propose_dossier(dossier, actor=appraiser, at=at, note="Đã kiểm tra hồ sơ và thực tế.")


def _return_and_receive(dossier: Dossier, people: People, appraiser: User, at: datetime) -> Dossier:
    returned, answer = send_back(dossier, appraiser, at)
    add_evidence(answer, actor=people.preparer, at=at, held_on_paper="Tủ hồ sơ số 2, phòng Hành chính")
    submitted = submit_dossier(returned, actor=people.head, at=at, nothing_will_change=True)
    return receive_dossier(submitted, actor=appraiser, at=at)


def send_back(dossier: Dossier, appraiser: User, at: datetime) -> tuple[Dossier, Answer]:
    """Return one question for want of evidence."""
    answer = dossier.answers.filter(question__wants_evidence=True).order_by("pk").first() or dossier.answers.order_by("pk")[0]
    returned = return_dossier(
        dossier,
        actor=appraiser,
        at=at,
        items={answer.pk: "Ghi rõ nơi lưu bản giấy."},
        reason="Thiếu minh chứng.",
        due_on=clock.local_date(at) + timedelta(days=1),
    )
    return returned, answer


def judge_all(dossier: Dossier, appraiser: User, at: datetime, *, overrules: bool) -> None:
    """Agree with every answer of the unit, but for one where the fate says so."""
    rows = list(dossier.answers.select_related("question"))
    disputed = _incident(rows) if overrules else None
    results = {
        row.pk: Appraised(AnswerResult.NOT_MET, "Trong kỳ có một vụ việc theo sổ theo dõi của Công an xã.")
        if row is disputed
        else Appraised(row.self_result)
        for row in rows
    }
    record_appraisal(dossier, actor=appraiser, at=at, results=results)
