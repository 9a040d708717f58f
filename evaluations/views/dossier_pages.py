"""What the pages of a dossier show, prepared from rows once: groups with their progress, questions with their evidence, what comes next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import day, number
from evaluations import judging, sources
from evaluations.forms.answers import AnswerForm, answer_form, digest
from evaluations.models import Answer, AnswerResult, Criterion, Dossier, Evidence, Question, Recognition, SourceSnapshot
from evaluations.operations.papers import value_line
from evaluations.states import ANSWERABLE_STATES, DossierState
from movement.policies import is_of_unit
from units.models import User

SHOWN_ROWS = 12
RESULT_STATUS = {
    AnswerResult.MET: ("ok", gettext_lazy("Đạt"), ""),
    AnswerResult.NOT_MET: ("bad", gettext_lazy("Chưa đạt"), ""),
    AnswerResult.NOT_APPLICABLE: ("mute", gettext_lazy("Không áp dụng"), ""),
}


@dataclass(frozen=True)
class Status:
    """Arguments of the status component."""

    tone: str
    label: str
    shape: str = ""


@dataclass
class Group:
    """A khoản of the checklist with its questions."""

    criterion: Criterion
    number: int
    answers: list[Answer] = field(default_factory=list)
    done: int = 0
    returned: int = 0
    is_current: bool = False

    @property
    def url_code(self) -> int:
        return self.criterion.pk

    @property
    def total(self) -> int:
        return len(self.answers)

    @property
    def is_done(self) -> bool:
        return self.done == self.total

    @property
    def status(self) -> Status:
        if self.returned:
            return Status("warn", _("Cần bổ sung %(count)s") % {"count": self.returned}, "returned")
        if self.is_done:
            return Status("ok", _("Đã xong"))
        return Status("info", _("Đang làm")) if self.done else Status("open", _("Chưa làm"))

    @property
    def progress(self) -> str:
        if not self.done:
            return _("chưa trả lời")
        return _("đã trả lời %(done)s/%(total)s") % {"done": self.done, "total": self.total}

    @property
    def summary(self) -> str:
        """“Đạt 4/5, không áp dụng 1” for the page of checking."""
        counts: defaultdict[str, int] = defaultdict(int)
        for answer in self.answers:
            counts[answer.self_result] += 1
        parts = [_("Đạt %(met)s/%(total)s") % {"met": counts[AnswerResult.MET], "total": self.total}]
        for result, words in (
            (AnswerResult.NOT_MET, _("chưa đạt")),
            (AnswerResult.NOT_APPLICABLE, _("không áp dụng")),
            ("", _("chưa kết luận")),
        ):
            parts += [f"{words} {counts[result]}"] if counts[result] else []
        return ", ".join(parts)


def groups_of(answers: Iterable[Answer], facts: Mapping[str, Any], *, returned: frozenset[int] = frozenset()) -> list[Group]:
    """The khoản in order, each with its answers and how many are complete."""
    groups: dict[int, Group] = {}
    for answer in answers:
        criterion = answer.question.criterion
        top = criterion.parent or criterion
        group = groups.setdefault(top.pk, Group(top, len(groups) + 1))
        group.answers.append(answer)
        group.done += judging.is_complete(answer.question, answer.self_value, facts)
        group.returned += answer.pk in returned
    found = list(groups.values())
    for group in found:
        if not group.is_done or group.returned:
            group.is_current = True
            break
    return found


@dataclass(frozen=True)
class Phase:
    """How a dossier stands for who looks at it."""

    is_answerable: bool
    status: Status
    note: str = ""


def phase_of(dossier: Dossier, user: User) -> Phase:
    """Between reception and release the unit's people see “đang xem xét” and nothing else (ruling 7)."""
    state = dossier.state
    if state in ANSWERABLE_STATES:
        status = (
            Status("warn", _("Trả lại bổ sung"), "returned") if state == DossierState.RETURNED else Status("info", _("Đang tự đánh giá"))
        )
        return Phase(True, status)
    if state == DossierState.SUBMITTED:
        return Phase(False, Status("info", _("Đã nộp, chờ tiếp nhận"), "clock"))
    if state == DossierState.DECIDED and (recognition := released_recognition(dossier, user)):
        met = recognition.result == "met"
        return Phase(False, Status("ok" if met else "bad", recognition.get_result_display()), _("Kết quả đã công bố theo quyết định."))
    if not is_of_unit(user, dossier.participation):
        return Phase(False, Status("info", str(dossier.get_state_display()), "clock"))
    return Phase(False, Status("info", _("Đang xem xét"), "clock"), _("Kết quả hiện ở đây ngay khi quyết định được công bố."))


def released_recognition(dossier: Dossier, user: User) -> Recognition | None:
    return Recognition.objects.visible_to(user).filter(dossier=dossier).first()


# ---------- One question ----------


@dataclass
class QuestionItem:
    """One question as its page shows it."""

    answer: Answer
    status: Status
    value: str
    evidence: list[EvidenceLine]
    form: AnswerForm | None = None
    source: sources.SourceValue | None = None
    source_words: str = ""
    taken_at: Any = None
    last_year: Answer | None = None
    return_note: str = ""
    remarks: tuple[str, ...] = ()
    overtaken: Overtaken | None = None
    is_snapshot: bool = False
    can_take: bool = False
    version: int = 0
    base: str = ""

    @property
    def question(self) -> Question:
        return self.answer.question

    @property
    def problems(self) -> list[str]:
        """Why the typed answer was not taken, as sentences."""
        if self.form is None or not self.form.is_bound:
            return []
        return [
            f"{self.form[name].label}: {text}" for name, texts in self.form.errors.items() if name in self.form.fields for text in texts
        ]

    @property
    def shown_rows(self) -> tuple[sources.SourceRow, ...]:
        return self.source.rows[:SHOWN_ROWS] if self.source else ()

    @property
    def hidden_row_count(self) -> int:
        return max(0, len(self.source.rows) - SHOWN_ROWS) if self.source else 0

    @property
    def last_status(self) -> Status | None:
        return status_of(self.last_year, {}) if self.last_year else None

    @property
    def last_value(self) -> str:
        return value_line(self.last_year) if self.last_year else ""

    def written(self, answer: Answer, facts: Mapping[str, Any]) -> None:
        """The row as it stands now: what the page shows and sends back next time."""
        self.answer, self.status = answer, status_of(answer, facts)
        self.version, self.base = answer.version, digest(answer.self_value, answer.self_note, answer.no_file_reason)
        self.remarks = judging.remarks(answer.question, answer.self_value, facts)

    @property
    def is_editable(self) -> bool:
        return self.form is not None


@dataclass(frozen=True)
class Overtaken:
    """Somebody else's version beside what was typed here."""

    by: str
    at: Any
    theirs: str
    their_note: str
    mine: str
    mine_note: str


@dataclass(frozen=True)
class EvidenceLine:
    """A file or a paper in the list of evidence."""

    pk: int
    name: str
    url: str
    meta: str
    is_image: bool
    is_outside_window: bool

    @property
    def state(self) -> str:
        return _("Ngoài kỳ đánh giá") if self.is_outside_window else ""


def status_of(answer: Answer, facts: Mapping[str, Any]) -> Status:
    """The computed result of one question, or what is still missing."""
    if answer.self_result:
        tone, label, shape = RESULT_STATUS[AnswerResult(answer.self_result)]
        return Status(tone, str(label), shape)
    if not answer.self_value:
        return Status("open", _("Chưa trả lời"))
    if judging.is_complete(answer.question, answer.self_value, facts):
        return Status("info", _("Chờ thẩm định kết luận"), "clock")
    return Status("info", _("Còn thiếu"))


def evidence_lines(evidence: Iterable[Evidence], window: tuple[date, date]) -> list[EvidenceLine]:
    """Evidence that was not removed, with size, date and a mark when it is about days outside the window."""
    lines = []
    for each in evidence:
        parts = [_size(each.file.size)] if each.file else [_("bản giấy lưu tại đơn vị")]
        if each.about_from or each.about_to:
            days = [day(about) for about in (each.about_from, each.about_to) if about]
            parts.append(_("nội dung ngày %(days)s") % {"days": " – ".join(dict.fromkeys(days))})
        start, end = each.about_from or each.about_to, each.about_to or each.about_from
        lines.append(
            EvidenceLine(
                each.pk,
                each.file.name if each.file else each.held_on_paper,
                reverse("evaluations:evidence-file", args=[each.pk]) if each.file else "",
                " · ".join(parts),
                bool(each.file and each.file.content_type.startswith("image/")),
                bool(start and end and (end < window[0] or start > window[1])),
            )
        )
    return lines


def _size(count: int) -> str:
    return f"{number(count / 1024 / 1024, 1)} MB" if count >= 1024 * 1024 else f"{number(max(1, count // 1024))} KB"


def evidence_by_answer(answers: Iterable[Answer]) -> dict[int, list[Evidence]]:
    """Evidence that counts, by answer, in one query."""
    held = defaultdict(list)
    rows = Evidence.objects.filter(answer__in=[answer.pk for answer in answers], removed_at__isnull=True).select_related("file")
    for each in rows.order_by("added_at", "pk"):
        held[each.answer_id].append(each)
    return held


def last_year_of(dossier: Dossier, answers: Iterable[Answer]) -> dict[str, Answer]:
    """Last year's answers of the same unit by the code of their question."""
    participation = dossier.participation
    rows = Answer.objects.filter(
        dossier__participation__unit=participation.unit_id,
        dossier__participation__campaign__year=participation.campaign.year - 1,
        dossier__participation__campaign__is_trial=False,
        question__code__in=[answer.question.code for answer in answers],
    )
    return {row.question.code: row for row in rows.select_related("question")}


def question_items(
    dossier: Dossier,
    answers: list[Answer],
    facts: Mapping[str, Any],
    *,
    window: tuple[date, date],
    can_write: bool,
    can_take: bool,
    data: Any = None,
    bound: frozenset[int] | None = None,
) -> list[QuestionItem]:
    """Everything the page of a khoản shows, in a fixed number of queries; ``bound`` names the answers whose forms read ``data``."""
    evidence = evidence_by_answer(answers)
    last_year = last_year_of(dossier, answers)
    snapshots = _latest_snapshots(answers)
    notes = return_notes(dossier)
    items = []
    for answer in answers:
        snapshot = snapshots.get(answer.pk)
        fixed = answer.question.source in sources.APPRAISED
        item = QuestionItem(
            answer,
            status_of(answer, facts),
            value_line(answer),
            evidence_lines(evidence[answer.pk], window),
            last_year=last_year.get(answer.question.code),
            return_note=notes.get(answer.pk, ""),
            remarks=judging.remarks(answer.question, answer.self_value, facts),
            is_snapshot=fixed,
            can_take=can_take and fixed,
            taken_at=snapshot.taken_at if snapshot else None,
        )
        if answer.question.source:
            item.source = sources.read(answer.question.source, dossier.participation)
            item.source_words = source_words(item.source)
        if can_write and answer.is_unlocked and not fixed:
            taken = snapshot.value if snapshot and answer.question.source in sources.PREFILLED else None
            read = data if bound is None or answer.pk in bound else None
            item.form = answer_form(answer, facts=facts, data=read, taken=taken)
            item.version, item.base = item.form.sent_mark()
        items.append(item)
    return items


def source_words(found: sources.SourceValue) -> str:
    """The value of a source in a few words."""
    if "whole" in found.value:
        return _("%(part)s trên %(whole)s") % {"part": number(found.value["part"]), "whole": number(found.value["whole"])}
    return number(found.value.get("count", 0))


def _latest_snapshots(answers: Iterable[Answer]) -> dict[int, SourceSnapshot]:
    wanted = [answer.pk for answer in answers if answer.question.source]
    if not wanted:
        return {}
    rows = SourceSnapshot.objects.filter(answer__in=wanted).order_by("answer_id", "-taken_at", "-pk").distinct("answer_id")
    return {row.answer_id: row for row in rows}


def return_notes(dossier: Dossier) -> dict[int, str]:
    """What the last return asks, by answer; nothing once the dossier is with the office again."""
    if not dossier.return_count or dossier.state not in ANSWERABLE_STATES:
        return {}
    last = dossier.returns.order_by("-number").first()
    return dict(last.items.values_list("answer", "note")) if last else {}
