"""The printed documents of an evaluation year: every value final, no layout, no query.

Fields are plain values, so an operation can fill them from rows and a test by hand. Places where a document must stay blank take None.
"""

import datetime
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from core import qr
from core.typography import Heading, Paragraph, Person, Signature, fill, formal_date, split_lines

_LAYOUTS = Path(__file__).parent / "data" / "decision_layout.json"
STANDARD = "“An toàn về an ninh, trật tự”"


# ---- parts ----


@dataclass(frozen=True, kw_only=True)
class ListedUnit:
    """One row of an appendix."""

    name: str
    area: str  # “Phường Hòa An”
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class UnitGroup:
    """The units of one kind, in the order they are printed."""

    label: str  # “Cơ quan”
    units: tuple[ListedUnit, ...]


@dataclass(frozen=True, kw_only=True)
class NumberedUnit:
    """A row with the running number of the whole appendix."""

    number: int
    unit: ListedUnit


@dataclass(frozen=True, kw_only=True)
class NumberedGroup:
    label: str
    count: int
    rows: tuple[NumberedUnit, ...]


def numbered(groups: tuple[UnitGroup, ...]) -> tuple[NumberedGroup, ...]:
    """Number the rows through all groups, as the appendix prints them."""
    starts = [1 + sum(len(group.units) for group in groups[:index]) for index in range(len(groups))]
    return tuple(
        NumberedGroup(
            label=group.label,
            count=len(group.units),
            rows=tuple(NumberedUnit(number=number, unit=unit) for number, unit in enumerate(group.units, start)),
        )
        for start, group in zip(starts, groups, strict=True)
        if group.units
    )


@dataclass(frozen=True, kw_only=True)
class JudgedPoint:
    """One point of law with its result; `is_met` None = not applicable."""

    citation: str  # “điểm b khoản 4 Điều 4”
    label: str
    is_met: bool | None
    note: str = ""  # reason, exception with its ground, share reached

    @property
    def result_label(self) -> str:
        return {True: "Đạt", False: "Chưa đạt", None: "Không áp dụng"}[self.is_met]


@dataclass(frozen=True, kw_only=True)
class DecisionLayout:
    """The wording of a decision for one level of authority; data, because laws and recipients change."""

    version: str
    subject: str
    bases: tuple[str, ...]  # without the closing “;” or “.”
    articles: tuple[str, ...]  # without “Điều n.” and without “./.”
    annex_title: str
    recipients: tuple[str, ...]  # without dash and closing sign; the archive line last

    def filled(self, **values: object) -> "DecisionLayout":
        """Put the year, kinds, counts and names in; the layout file lists the placeholders."""
        return DecisionLayout(
            version=self.version,
            subject=fill(self.subject, **values),
            bases=tuple(fill(line, **values) for line in self.bases),
            articles=tuple(fill(line, **values) for line in self.articles),
            annex_title=fill(self.annex_title, **values),
            recipients=tuple(fill(line, **values) for line in self.recipients),
        )


@cache
def decision_layout(level: str, *, is_met: bool = True) -> DecisionLayout:
    """The default layout for a deciding authority of level `commune` or `province`; another wording when no unit is recognised."""
    content: dict[str, Any] = json.loads(_LAYOUTS.read_text(encoding="utf-8"))
    layout = content["levels"][level]
    if not is_met:
        none_met = content["none_met"]
        articles = [*none_met["first_articles"], *layout["articles"][2:]]
        layout = {**layout, "subject": none_met["subject"], "articles": articles, "annex_title": none_met["annex_title"]}
    return DecisionLayout(
        version=content["version"],
        subject=layout["subject"],
        bases=tuple(layout["bases"]),
        articles=tuple(layout["articles"]),
        annex_title=layout["annex_title"],
        recipients=tuple(layout["recipients"]),
    )


# ---- documents ----


@dataclass(frozen=True, kw_only=True)
class RecognitionDecisionDocument:
    """Quyết định công nhận with its Phụ lục (NĐ 30/2020, Mẫu 1.2; TT 124/2021, Đ9–10)."""

    template: ClassVar[str] = "documents/recognition_decision.html"

    heading: Heading
    authority: str  # in capitals: the title if the head is competent, the body if the collective is
    layout: DecisionLayout  # filled
    groups: tuple[UnitGroup, ...]  # recognised units by kind
    symbol: str  # “QĐ-UBND”, for the origin line of the appendix
    authority_phrase: str  # “Chủ tịch Ủy ban nhân dân tỉnh An Hòa”, same use
    signature: Signature

    @property
    def title(self) -> str:
        number = self.heading.number_line.removeprefix("Số: ").strip()
        return f"Quyết định số {number} {self.layout.subject[:1].lower()}{self.layout.subject[1:]}"

    @property
    def numbered_groups(self) -> tuple[NumberedGroup, ...]:
        return numbered(self.groups)


@dataclass(frozen=True, kw_only=True)
class CertificateDocument:
    """Giấy công nhận of one unit (TT 124/2021, Đ10 and Đ12.2; a form of ours until the circular's is at hand)."""

    template: ClassVar[str] = "documents/certificate.html"

    authority: str  # “CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH AN HÒA”
    unit_name: str
    unit_place: str  # “Phường Hòa An, tỉnh An Hòa”
    year: int
    number: str  # in the register of certificates
    decision_number: str  # “1486/QĐ-UBND”
    decision_date: datetime.date
    place: str
    date: datetime.date
    signature: Signature
    check_url: str  # with the code of ≥ 128 random bits
    check_site: str  # host printed for people without a camera

    @property
    def title(self) -> str:
        return f"Giấy công nhận đạt tiêu chuẩn {STANDARD} năm {self.year} - {self.unit_name}"

    @property
    def standard_line(self) -> str:
        return f"Đạt tiêu chuẩn {STANDARD} năm {self.year}"

    @property
    def unit_lines(self) -> tuple[str, ...]:
        """One line of 28 pt, or a longer name in lines of 24 pt or less."""
        short = split_lines(self.unit_name, width_mm=222, size_pt=28)
        return short if len(short) == 1 else split_lines(self.unit_name, width_mm=222, size_pt=22)

    @property
    def dateline(self) -> str:
        return f"{self.place}, {formal_date(self.date)}"

    @property
    def qr(self) -> str:
        return qr.svg_data_url(self.check_url)

    @property
    def is_tall(self) -> bool:
        """More lines than the sheet holds with its usual distances."""
        return len(self.unit_lines) + len(self.signature.lines) > 2


@dataclass(frozen=True, kw_only=True)
class Attendance:
    """One member of the committee at a session."""

    name: str
    post: str
    role: str  # “Trưởng Ban”, “Ủy viên”
    presence: str  # “Có mặt”, “Vắng”, “Có ý kiến bằng văn bản”


@dataclass(frozen=True, kw_only=True)
class VotedItem:
    """The vote on one dossier."""

    code: str  # dossier code
    unit: str
    kind: str  # “Cơ quan”; items are summed by it, in the order of first appearance
    entitled: int  # members entitled and not excluded
    in_favour: int
    against: int
    abstained: int
    excluded: int  # members not taking part in this item
    carried: bool  # proposed for recognition


@dataclass(frozen=True, kw_only=True)
class KindTally:
    """The votes of one kind of unit, summed."""

    kind: str
    presented: int
    carried: int

    @property
    def not_carried(self) -> int:
        return self.presented - self.carried


@dataclass(frozen=True, kw_only=True)
class Exclusion:
    """A member who took no part in one item, with the ground."""

    member: str
    unit: str
    ground: str  # “là người đứng đầu đơn vị”, “đã thẩm định hồ sơ”


@dataclass(frozen=True, kw_only=True)
class NamedException:
    """A separation of duties waived by the chair: who did what for which unit, and why."""

    person: str
    unit: str
    what: str  # “vừa nhập thay hồ sơ vừa thẩm định”
    ground: str


@dataclass(frozen=True, kw_only=True)
class SessionMinutesDocument:
    """Biên bản họp Ban Chỉ đạo (NĐ 30/2020, Mẫu 1.9: no place and date, two signers)."""

    template: ClassVar[str] = "documents/session_minutes.html"

    heading: Heading  # without place
    subject: str  # “Họp xét công nhận … năm 2026”
    started_at: datetime.datetime
    ended_at: datetime.datetime
    location: str
    chair: Person
    secretary: Person
    guests: tuple[Person, ...]  # who attended without a vote
    attendance: tuple[Attendance, ...]
    members: int  # members of the committee
    present: int  # present or with a written opinion
    quorum: int  # members needed
    majority: str  # “quá nửa số thành viên có quyền biểu quyết”
    agenda: str  # what was put before the session
    appraisal: tuple[str, ...]  # paragraphs of the report on the appraisal
    remarks: tuple[str, ...]  # opinions, printed as a), b), c)
    items: tuple[VotedItem, ...]
    exclusions: tuple[Exclusion, ...]
    exceptions: tuple[NamedException, ...]
    conclusions: tuple[str, ...]  # of the chair, printed as a), b), c)
    recipients: tuple[str, ...]
    secretary_signature: Signature
    chair_signature: Signature

    @property
    def title(self) -> str:
        return f"Biên bản {self.subject[:1].lower()}{self.subject[1:]}"

    @property
    def has_quorum(self) -> bool:
        return self.present >= self.quorum

    @property
    def absent(self) -> int:
        return self.members - self.present

    @property
    def tallies(self) -> tuple[KindTally, ...]:
        kinds = dict.fromkeys(item.kind for item in self.items)
        return tuple(_tally(kind, [item for item in self.items if item.kind == kind]) for kind in kinds)

    @property
    def total(self) -> KindTally:
        return _tally("Cộng", list(self.items))


def _tally(kind: str, items: list[VotedItem]) -> KindTally:
    return KindTally(kind=kind, presented=len(items), carried=sum(item.carried for item in items))


@dataclass(frozen=True, kw_only=True)
class SelfReviewMinutesDocument:
    """Biên bản họp tự đánh giá of a unit (TT 124/2021, Đ9.1 and Đ9.2.b)."""

    template: ClassVar[str] = "documents/self_review_minutes.html"

    heading: Heading  # issuer = the unit; without place
    subject: str  # “Họp tự đánh giá các tiêu chí … năm 2026”
    dossier_code: str
    unit_name: str
    article: str  # “Điều 4 Thông tư số 124/2021/TT-BCA”
    window_from: datetime.date
    window_to: datetime.date
    started_at: datetime.datetime
    ended_at: datetime.datetime
    location: str
    chair: Person
    secretary: Person
    participants: tuple[Person, ...]
    points: tuple[JudgedPoint, ...]
    remarks: tuple[str, ...]
    conclusions: tuple[str, ...]
    secretary_signature: Signature
    chair_signature: Signature

    @property
    def title(self) -> str:
        return f"Biên bản {self.subject[:1].lower()}{self.subject[1:]} - {self.unit_name}"

    @property
    def met_count(self) -> int:
        return sum(point.is_met is True for point in self.points)

    @property
    def not_met_count(self) -> int:
        return sum(point.is_met is False for point in self.points)

    @property
    def not_applicable_count(self) -> int:
        return sum(point.is_met is None for point in self.points)

    @property
    def result_label(self) -> str:
        return "CHƯA ĐẠT" if self.not_met_count else "ĐẠT"


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """What happens after the submission, and when."""

    when: str  # “Trước ngày 15/11/2026”
    what: str


@dataclass(frozen=True, kw_only=True)
class ReceiptDocument:
    """Giấy tiếp nhận hồ sơ, made at the moment of submission."""

    template: ClassVar[str] = "documents/receipt.html"

    heading: Heading  # issuer = the body that receives; place and date = of submission
    code: str
    unit_name: str
    unit_kind: str
    unit_place: str
    year: int
    submitted_by: str  # name and post of who submitted
    submitted_at: datetime.datetime
    self_result: str  # “Đạt 14/14 nội dung”
    contents: tuple[str, ...]  # what was handed in: “Biên bản họp tự đánh giá (20/10/2026)”
    next_steps: tuple[NextStep, ...]
    contact: str  # office, telephone
    check_url: str  # the dossier-check page
    check_site: str

    @property
    def title(self) -> str:
        return f"Giấy tiếp nhận hồ sơ {self.code}"

    @property
    def qr(self) -> str:
        return qr.svg_data_url(self.check_url)


@dataclass(frozen=True, kw_only=True)
class NotMetNoticeDocument:
    """Thông báo kết quả chưa đạt to one unit, with the deciding points and reasons (NĐ 30/2020, Mẫu 1.4)."""

    template: ClassVar[str] = "documents/not_met_notice.html"

    heading: Heading
    subject: str  # “Kết quả xét công nhận đạt tiêu chuẩn … năm 2026”
    unit_name: str
    unit_place: str
    dossier_code: str
    year: int
    bases: tuple[str, ...]  # minutes and decision the notice rests on, without closing sign
    authority_phrase: str  # who notifies: “Ủy ban nhân dân phường Hòa An”
    points: tuple[JudgedPoint, ...]  # those not met
    advice: tuple[str, ...]  # paragraphs: whom to ask, how to take part next year
    recipients: tuple[str, ...]
    signature: Signature

    @property
    def title(self) -> str:
        number = self.heading.number_line.removeprefix("Số: ").strip()
        return f"Thông báo số {number} - {self.unit_name}"


@dataclass(frozen=True, kw_only=True)
class KindCount:
    """How many dossiers of one kind were appraised and are proposed."""

    kind: str
    appraised: int
    proposed: int

    @property
    def not_proposed(self) -> int:
        return self.appraised - self.proposed


@dataclass(frozen=True, kw_only=True)
class SubmissionLetterDocument:
    """Tờ trình đề nghị xét công nhận for a batch, on which the decision rests (TT 124/2021, Đ9.2.b; NĐ 30/2020, Mẫu 1.4)."""

    template: ClassVar[str] = "documents/submission_letter.html"

    heading: Heading
    subject: str  # “Đề nghị công nhận … năm 2026”
    addressees: tuple[str, ...]
    opening: str  # legal ground and who reports, ends with “:”
    sections: tuple[Paragraph, ...]  # titles “1. …” and paragraphs
    counts: tuple[KindCount, ...]  # table after the sections
    proposal: tuple[str, ...]  # closing paragraphs
    enclosures: tuple[str, ...]  # “dự thảo Quyết định”, printed as “(Gửi kèm: …)”
    groups: tuple[UnitGroup, ...]  # Phụ lục: proposed units
    not_proposed: tuple[UnitGroup, ...]  # Phụ lục: units not proposed, the note says why
    year: int
    symbol: str  # “TTr-CAP”, for the origin line of the appendix
    authority_phrase: str  # “Công an phường Hòa An”, same use
    recipients: tuple[str, ...]
    signature: Signature

    @property
    def title(self) -> str:
        number = self.heading.number_line.removeprefix("Số: ").strip()
        return f"Tờ trình số {number} {self.subject[:1].lower()}{self.subject[1:]}"

    @property
    def first_appendix_label(self) -> str:
        return "Phụ lục I" if self.not_proposed else "Phụ lục"

    @property
    def proposed_title(self) -> str:
        return f"Danh sách đơn vị đề nghị công nhận đạt tiêu chuẩn {STANDARD} năm {self.year}"

    @property
    def not_proposed_title(self) -> str:
        return f"Danh sách đơn vị chưa đề nghị công nhận đạt tiêu chuẩn {STANDARD} năm {self.year}"

    @property
    def total(self) -> KindCount:
        return KindCount(
            kind="Cộng",
            appraised=sum(count.appraised for count in self.counts),
            proposed=sum(count.proposed for count in self.counts),
        )

    @property
    def numbered_groups(self) -> tuple[NumberedGroup, ...]:
        return numbered(self.groups)

    @property
    def numbered_not_proposed(self) -> tuple[NumberedGroup, ...]:
        return numbered(self.not_proposed)
