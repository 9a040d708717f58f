"""Papers of the unit's side, filled from rows: minutes of the self-review meeting and the receipt of a submission."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from core import qr
from core.clock import local_date
from core.formats import day, number, ratio
from core.typography import Heading, Person, Signature, signature_lines
from evaluations import judging
from evaluations.documents import JudgedPoint, NextStep, ReceiptDocument, SelfReviewMinutesDocument
from evaluations.models import Answer, AnswerKind, AnswerResult, Criterion, Dossier, Evidence, Question, SelfReview
from movement.calendar import due_on, window_of
from movement.models import MilestoneCode, Participation

STANDARD = "“An toàn về an ninh, trật tự”"


def self_review_minutes(dossier: Dossier, review: SelfReview, answers: Iterable[Answer]) -> SelfReviewMinutesDocument:
    """Biên bản họp tự đánh giá of a dossier; ``answers`` in the order of the checklist, with question and criterion."""
    participation = dossier.participation
    window = window_of(participation)
    chair, secretary = person(review.chair), person(review.secretary)
    return SelfReviewMinutesDocument(
        heading=Heading(issuer=participation.name.upper()),
        subject=f"Họp tự đánh giá các tiêu chí {STANDARD} năm {participation.campaign.year}",
        dossier_code=participation.code,
        unit_name=participation.name,
        article=dossier.plan.checklist.citation,
        window_from=window.starts_on,
        window_to=window.ends_on,
        started_at=review.held_at,
        ended_at=review.ended_at or review.held_at,
        location=review.place,
        chair=chair,
        secretary=secretary,
        participants=tuple(Person(name=each["name"], post=each["post"]) for each in review.participants),
        points=judged_points(answers),
        remarks=tuple(line for line in review.opinions.split("\n") if line),
        conclusions=(),
        secretary_signature=Signature(lines=signature_lines("THƯ KÝ"), name=secretary.name),
        chair_signature=Signature(lines=signature_lines("CHỦ TỌA"), name=chair.name),
    )


def person(line: str) -> Person:
    """“Quàng Văn Đon, Trưởng bản” as a person with a post."""
    name, _comma, post = line.partition(",")
    return Person(name=name.strip(), post=post.strip())


def judged_points(answers: Iterable[Answer]) -> tuple[JudgedPoint, ...]:
    """One line per point of law with what its answers say; what the appraiser has yet to judge stands as not applicable with a note."""
    held = list(answers)
    notes: dict[Criterion, list[str]] = {}
    for answer in held:
        notes.setdefault(answer.question.criterion, []).append(value_line(answer))
    return tuple(
        JudgedPoint(
            citation=point.criterion.citation,
            label=point.criterion.label,
            is_met={AnswerResult.MET: True, AnswerResult.NOT_MET: False}.get(point.result),  # type: ignore[call-overload]
            note="; ".join(filter(None, [*notes[point.criterion], "" if point.result else "chờ cơ quan thẩm định kết luận"])),
        )
        for point in judging.points_of((answer.question, answer.self_result) for answer in held)
    )


def value_line(answer: Answer) -> str:
    """What an answer says in a few words: a share, a count with its ground, two years, a rating, why it does not apply."""
    value, question = answer.self_value, answer.question
    if not value or value.get("not_applicable"):
        return str(value.get("not_applicable") or "")
    return _LINES.get(question.answer_kind, _nothing)(question, value)


def _nothing(question: Question, value: Mapping[str, Any]) -> str:
    return ""


def _documents(question: Question, value: Mapping[str, Any]) -> str:
    missing = [part["label"] for part in question.parts if part["code"] not in value.get("ticks", ())]
    return f"còn thiếu: {', '.join(missing)}" if missing else ""


def _share(question: Question, value: Mapping[str, Any]) -> str:
    part, whole = value.get("part", 0), value.get("whole", 0)
    return f"{number(part)}/{number(whole)}, {ratio(part, whole)}"


def _incidents(question: Question, value: Mapping[str, Any]) -> str:
    if not value.get("count"):
        return ""
    return f"{number(value['count'])} – {_label(question.exceptions, value.get('exception')) or 'không thuộc trường hợp loại trừ'}"


def _years(question: Question, value: Mapping[str, Any]) -> str:
    current, previous = value.get("current"), value.get("previous")
    if current is None:
        return ""
    return f"kỳ này {number(current)}, kỳ trước {'không có số liệu' if previous is None else number(previous)}"


def _label(choices: Iterable[Mapping[str, Any]], code: str | None) -> str:
    return next((str(each["label"]) for each in choices if each["code"] == code), "")


_LINES: dict[str, Callable[[Question, Mapping[str, Any]], str]] = {
    AnswerKind.DOCUMENT: _documents,
    AnswerKind.PERCENTAGE: _share,
    AnswerKind.COUNT: lambda question, value: number(value.get("count", 0)),
    AnswerKind.NO_INCIDENT: _incidents,
    AnswerKind.TREND: _years,
    AnswerKind.RATING: lambda question, value: _label(question.ratings, value.get("rating")),
}


def receipt(dossier: Dossier, answers: list[Answer], *, submitted_by: str, at: datetime) -> ReceiptDocument:
    """Giấy tiếp nhận hồ sơ: what was handed in, when, and what happens next."""
    participation = dossier.participation
    authority = participation.authority
    office = authority.standing_office if authority else str(participation.handling_area)
    url = check_url(dossier)
    return ReceiptDocument(
        heading=Heading(
            issuer=office.upper(), place=authority.place if authority else participation.handling_area.name, date=local_date(at)
        ),
        code=participation.code,
        unit_name=participation.name,
        unit_kind=participation.get_kind_display(),
        unit_place=participation.area.name,
        year=participation.campaign.year,
        submitted_by=submitted_by,
        submitted_at=at,
        self_result=result_line(answers),
        contents=_contents(dossier),
        next_steps=tuple(NextStep(when=when, what=what) for when, what in next_steps(participation, office=office, on=local_date(at))),
        contact=office,
        check_url=url,
        check_site=url.partition("://")[2],
    )


def check_url(dossier: Dossier) -> str:
    """Where the QR of the receipt leads: the dossier itself, for who may see it."""
    return f"{settings.PUBLIC_URL}{reverse('evaluations:dossier-detail', args=[dossier.pk])}"


def check_qr(dossier: Dossier) -> str:
    """The same QR for the screen."""
    return qr.svg_data_url(check_url(dossier))


def result_line(answers: Iterable[Answer]) -> str:
    """“Đạt 13/14 nội dung, không áp dụng 1”; “điểm” would be read as a score."""
    points = judged_points(answers)
    met, skipped = sum(point.is_met is True for point in points), sum(point.is_met is None for point in points)
    return f"Đạt {met}/{len(points)} nội dung" + (f", không áp dụng {skipped}" if skipped else "")


def _contents(dossier: Dossier) -> tuple[str, ...]:
    held = Evidence.objects.filter(answer__dossier=dossier, removed_at__isnull=True)
    files, papers = held.filter(file__isnull=False).count(), held.filter(file__isnull=True).count()
    review = dossier.self_review
    lines = ["Bản tự đánh giá từng tiêu chí", f"Biên bản họp tự đánh giá ngày {day(review.held_at)}"]
    lines += [f"Minh chứng: {number(files)} tệp"] if files else []
    lines += [f"Minh chứng bản giấy lưu tại đơn vị: {number(papers)}"] if papers else []
    lines += ["Bản scan giấy đã ký"] if dossier.on_behalf else []
    return tuple(lines)


def next_steps(participation: Participation, *, office: str, on: date) -> list[tuple[str, str]]:
    """What the unit may expect, with the last days of its calendar."""
    appraisal, decision = (due_on(participation, code) for code in (MilestoneCode.APPRAISAL, MilestoneCode.DECISION))
    return [
        (f"Ngày {day(on)}", f"Hồ sơ đến {office}"),
        (f"Chậm nhất {day(appraisal)}", f"{office} thẩm định; nếu cần bổ sung sẽ trả lại từng tiêu chí và báo cho đơn vị"),
        (f"Chậm nhất {day(decision)}", "Ban Chỉ đạo họp xét, cấp có thẩm quyền ra quyết định; kết quả và Giấy công nhận xem tại hệ thống"),
    ]
