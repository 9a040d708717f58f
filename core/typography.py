"""What NĐ 30/2020/NĐ-CP asks of every printed document: numbers, dates, heading, closing, lines broken by sense.

Printed text is Vietnamese by law, whatever the language of the screen, so nothing here is marked for translation.
"""

import datetime
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from math import inf

from django.utils import timezone

WORD_JOINER = "\u2060"
_SPACE = "\u00a0"
_DOCUMENT_NUMBER = re.compile(r"\d+/(?:\d{4}/)?[^\W\d_][\w.]*(?:-\w+)*|[A-Z]{2,}-\d{5,}-\d{4}-\d+")


# ---- numbers and dates ----


def plain_count(value: int) -> str:
    """A number as a document prints it: 08, 63, 1.217."""
    return f"{value:02d}" if 0 < value < 10 else f"{value:,}".replace(",", ".")


def reference_number(number: int | None, symbol: str) -> str:
    """NĐ 30/2020, PL1.II.3: “05/QĐ-UBND”; a draft without a number leaves room for it."""
    return f"{_SPACE * 8 if number is None else f'{number:02d}'}/{symbol}"


def number_line(number: int | None, symbol: str) -> str:
    """Ô số 3: “Số: 05/QĐ-UBND”."""
    return f"Số: {reference_number(number, symbol)}"


def formal_date(day: datetime.date | None) -> str:
    """NĐ 30/2020, PL1.II.4: a leading zero for days below 10 and for the months 1 and 2 only."""
    if day is None:
        return f"ngày{_SPACE * 6}tháng{_SPACE * 6}năm{_SPACE * 8}".rstrip(_SPACE)
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def formal_time(at: datetime.datetime) -> str:
    """“08 giờ 05 phút, ngày 16 tháng 11 năm 2026”, on the wall clock of the office."""
    local = timezone.localtime(at) if timezone.is_aware(at) else at
    return f"{local.hour:02d} giờ {local.minute:02d} phút, {formal_date(local.date())}"


def glue(text: str) -> str:
    """Keep every document number and dossier code of a text on one line; the joiner has no glyph and is not extracted."""
    return _DOCUMENT_NUMBER.sub(lambda found: re.sub(r"([/-])", rf"\1{WORD_JOINER}", found[0]), text)


def fill(text: str, **values: object) -> str:
    """Put values into a layout text; an unknown placeholder is an error, never a blank on paper."""
    return text.format_map(values)


# ---- blocks that every document shares ----


@dataclass(frozen=True, kw_only=True)
class Heading:
    """Ô số 1–4: who issues, under which number, where and when."""

    issuer: str  # in capitals: “ỦY BAN NHÂN DÂN PHƯỜNG HÒA AN”
    parent: str = ""  # direct parent body, in capitals; empty if there is none
    number_line: str = ""  # number_line(...); empty for documents without a number
    place: str = ""  # empty for documents without place and date (biên bản)
    date: datetime.date | None = None  # None with a place: blanks to be filled by hand

    @property
    def parent_lines(self) -> tuple[str, ...]:
        return _column_lines(self.parent)

    @property
    def issuer_lines(self) -> tuple[str, ...]:
        return _column_lines(self.issuer)

    @property
    def dateline(self) -> str:
        return f"{self.place}, {formal_date(self.date)}" if self.place else ""


def _column_lines(name: str) -> tuple[str, ...]:
    """Lines of a body's name in the left column; the name of the place has a line of its own below “ỦY BAN NHÂN DÂN”."""
    parts = re.sub(r"(ỦY BAN NHÂN DÂN) ", r"\1\n", name).splitlines()
    return tuple(line for part in parts for line in split_lines(part, width_mm=66, size_pt=12))


@dataclass(frozen=True, kw_only=True)
class Signature:
    """Ô số 7: capacity in capitals line by line, room for the signature, other office and name."""

    lines: tuple[str, ...]  # signature_lines(...)
    name: str  # without rank, degree or honour
    office: str = ""  # office held in the body whose seal a committee uses, printed above the name
    note: str = ""  # how it was signed, small, below the name


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who takes part in a meeting."""

    name: str  # with “Ông”/“Bà” if the minutes want it
    post: str


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """One paragraph of a text written as data; titles stand on their own line, bold."""

    text: str
    is_title: bool = False


def signature_lines(head: str, *, body: str = "", signer: str = "", mark: str = "KT.") -> tuple[str, ...]:
    """NĐ 30/2020, Đ13: TM. the collective body, then KT./TL./TUQ. the head with the signer's own title, or the head alone.

    signature_lines("CHỦ TỊCH", body="ỦY BAN NHÂN DÂN", signer="PHÓ CHỦ TỊCH")
    → TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH / PHÓ CHỦ TỊCH
    """
    collective = (f"TM. {body}",) if body else ()
    return (*collective, f"{mark} {head}", signer) if signer else (*collective, head)


def paragraphs(text: str, **values: object) -> tuple[Paragraph, ...]:
    """Read a text template: paragraphs apart by an empty line, a title begins with “# ”."""
    blocks = (" ".join(block.split()) for block in re.split(r"\n\s*\n", text))
    return tuple(Paragraph(text=fill(block.removeprefix("# "), **values), is_title=block.startswith("# ")) for block in blocks if block)


# ---- lines of even length, broken by sense ----

# Advance widths of Times bold in 1/1000 em; accents do not change them.
_CAPITALS = (
    722,
    667,
    722,
    722,
    667,
    611,
    778,
    778,
    389,
    500,
    778,
    667,
    944,
    722,
    778,
    611,
    778,
    722,
    556,
    667,
    722,
    722,
    1000,
    722,
    722,
    667,
)
_SMALL = (500, 556, 444, 556, 444, 333, 500, 556, 278, 333, 556, 278, 833, 556, 500, 556, 556, 444, 389, 333, 556, 500, 722, 500, 500, 444)
_WIDTHS = {
    **dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", _CAPITALS, strict=True)),
    **dict(zip("abcdefghijklmnopqrstuvwxyz", _SMALL, strict=True)),
    **dict.fromkeys(" .,;", 250),
    **dict.fromkeys("-():", 333),
    "Đ": 722,
    "đ": 556,
    "/": 278,
}
_MM_PER_PT = 25.4 / 72

_TOGETHER = (
    "ủy ban nhân dân", "hội đồng nhân dân", "ban chỉ đạo", "ban thường trực", "thường trực", "chủ tịch", "phó chủ tịch",
    "phòng, chống tội phạm", "tội phạm", "tệ nạn xã hội", "xây dựng", "phong trào", "toàn dân", "bảo vệ", "an ninh", "tổ quốc",
    "trật tự", "tiêu chuẩn", "đạt tiêu chuẩn an toàn về an ninh, trật tự", "công nhận", "về việc", "đề nghị", "cơ quan", "doanh nghiệp",
    "cơ sở giáo dục", "khu dân cư", "tổ dân phố", "khu phố", "công an", "trung học", "phổ thông", "tiểu học", "giáo dục và đào tạo",
    "giáo dục", "đào tạo", "công ty", "cổ phần", "trách nhiệm", "hữu hạn", "một thành viên", "thành phố", "đặc khu", "danh sách",
    "kết quả", "biểu quyết", "hồ sơ", "điểm danh", "thành viên", "cam kết", "thực hiện", "bệnh viện", "trung tâm", "văn phòng",
    "xã hội", "nông nghiệp", "môi trường", "khoa học", "công nghệ", "dân tộc",
)  # fmt: skip
_TOGETHER_WORDS = tuple(tuple(phrase.split()) for phrase in _TOGETHER)
_PLACE_WORDS = frozenset({"tỉnh", "xã", "phường", "thôn", "bản", "ấp"})
_OPENS_LINE = frozenset({"và", "đạt", "của", "về", "theo", "tại"}) | _PLACE_WORDS


def text_width_mm(text: str, size_pt: float) -> float:
    """Width of a text in the bold face of the documents."""
    letters = unicodedata.normalize("NFD", text)
    units = sum(_WIDTHS.get(letter, 500) for letter in letters if not unicodedata.combining(letter))
    return units / 1000 * size_pt * _MM_PER_PT


@lru_cache(maxsize=512)
def split_lines(text: str, *, width_mm: float, size_pt: float) -> tuple[str, ...]:
    """Break a text by sense into as few lines of even length as fit; the last, which carries the rule, is not the shortest by far.

    A rule below a line is 48 % of it and must be 1/3–1/2 of the text (NĐ 30/2020, PL1.II.2 and 5), hence the last line's 70 %.
    """
    words = text.split()
    if not words:
        return ()
    breaks = _break_costs(words)
    fewest = max(1, int(text_width_mm(" ".join(words), size_pt) // width_mm))
    for count in range(fewest, len(words) + 1):
        lines = _best_lines(words, breaks, count, width_mm, size_pt)
        if lines:
            return lines
    return tuple(words)


def _break_costs(words: list[str]) -> list[float]:
    """For each gap between two words: infinite inside a compound, low where sense allows a pause."""
    bare = [word.lower().strip("“”\"'(),;.:") for word in words]
    costs = [_gap_cost(word, following) for word, following in pairwise(words)]
    for phrase in _TOGETHER_WORDS:
        plain = [part.strip(",") for part in phrase]
        for start in range(len(words) - len(plain) + 1):
            if bare[start : start + len(plain)] == plain:
                costs[start : start + len(plain) - 1] = [inf] * (len(plain) - 1)
    return costs


def _gap_cost(word: str, following: str) -> float:
    if word.lower() in _OPENS_LINE | {"số", "năm"}:
        return inf
    if word.endswith((",", ";", "”")) or following.startswith("“"):
        return 0
    if following.lower() in _OPENS_LINE:
        return 20
    if word[:1].isupper() and following[:1].isupper() and not word.isupper():
        return 900  # inside a name
    return 150


def _best_lines(words: list[str], breaks: list[float], count: int, width_mm: float, size_pt: float) -> tuple[str, ...]:
    """The cheapest way into exactly that many lines, none wider than the column, or nothing."""
    even = text_width_mm(" ".join(words), size_pt) / count

    def width(start: int, end: int) -> float:
        return text_width_mm(" ".join(words[start:end]), size_pt)

    @cache
    def cheapest(start: int, left: int) -> tuple[float, tuple[int, ...]]:
        if left == 1:
            last = width(start, len(words))
            cost = (last - even) ** 2 + (2000 if last < even * 0.75 else 0)
            return (cost if last <= width_mm else inf), (len(words),)
        best: tuple[float, tuple[int, ...]] = (inf, ())
        for end in range(start + 1, len(words) - left + 2):
            here = width(start, end)
            if here > width_mm:
                break
            cost, ends = cheapest(end, left - 1)
            cost += breaks[end - 1] + (here - even) ** 2
            if cost < best[0]:
                best = cost, (end, *ends)
        return best

    cost, ends = cheapest(0, count)
    return () if cost == inf else tuple(" ".join(words[start:end]) for start, end in pairwise((0, *ends)))
