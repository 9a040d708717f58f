"""core.pdf, core.typography and core.qr: what NĐ 30/2020 asks of any page."""

import io
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, date, datetime
from urllib.parse import unquote

import pikepdf
import pytest
import zxingcpp
from django.utils.translation import override
from pdfplumber import open as open_pdf

from core import pdf, qr, typography
from core.templatetags.documents import point_letter
from core.typography import Heading, Paragraph, signature_lines
from tests import reading
from tests.factories import printed

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
TONED = "àằầèềìòồờùừỳảẳẩẻểỉỏổởủửỷãẵẫẽễĩõỗỡũữỹáắấéếíóốớúứýạặậẹệịọộợụựỵ"


@pytest.mark.parametrize(
    ("day", "formal"),
    [
        (date(2021, 4, 1), "ngày 01 tháng 4 năm 2021"),
        (date(2020, 1, 5), "ngày 05 tháng 01 năm 2020"),
        (date(2019, 6, 29), "ngày 29 tháng 6 năm 2019"),
        (date(2018, 11, 12), "ngày 12 tháng 11 năm 2018"),
    ],
)
def test_formal_date_has_zeros_where_the_decree_wants_them(day: date, formal: str) -> None:
    assert typography.formal_date(day) == formal


def test_dateline_begins_with_the_place() -> None:
    heading = Heading(issuer="X", place="Kiên Giang", date=date(2021, 4, 1))

    assert heading.dateline == "Kiên Giang, ngày 01 tháng 4 năm 2021"
    assert replace(heading, place="").dateline == ""
    assert replace(heading, date=None).dateline.split("\u00a0") == ["Kiên Giang, ngày", *[""] * 5, "tháng", *[""] * 5, "năm"]


def test_formal_time_is_on_the_local_clock() -> None:
    assert typography.formal_time(datetime(2026, 11, 16, 1, 5, tzinfo=UTC)) == "08 giờ 05 phút, ngày 16 tháng 11 năm 2026"


@pytest.mark.parametrize(
    ("number", "symbol", "line"),
    [(5, "CT-UBND", "Số: 05/CT-UBND"), (141, "QĐ-UBND", "Số: 141/QĐ-UBND"), (None, "QĐ-UBND", "Số: " + "\u00a0" * 8 + "/QĐ-UBND")],
)
def test_number_line_has_a_leading_zero_below_ten(number: int | None, symbol: str, line: str) -> None:
    assert typography.number_line(number, symbol) == line


@pytest.mark.parametrize(("value", "printed_value"), [(0, "0"), (8, "08"), (63, "63"), (1217, "1.217")])
def test_plain_count(value: int, printed_value: str) -> None:
    assert typography.plain_count(value) == printed_value


def test_glue_joins_document_numbers_and_codes_only() -> None:
    glued = typography.glue("Thông tư số 124/2021/TT-BCA, mã ANTT-01001-2026-0047, 13/15 thành viên, ngày 05/3/2026")

    assert glued.replace("\u2060", "|") == ("Thông tư số 124/|2021/|TT-|BCA, mã ANTT-|01001-|2026-|0047, 13/15 thành viên, ngày 05/3/2026")


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("ỦY BAN NHÂN DÂN TỈNH AN HÒA", ("ỦY BAN NHÂN DÂN", "TỈNH AN HÒA")),
        ("ỦY BAN NHÂN DÂN XÃ A LÚ", ("ỦY BAN NHÂN DÂN", "XÃ A LÚ")),
        ("CÔNG AN TỈNH AN HÒA", ("CÔNG AN TỈNH AN HÒA",)),
        (
            printed.COMMITTEE.upper(),
            ("BAN CHỈ ĐẠO", "PHÒNG, CHỐNG TỘI PHẠM,", "TỆ NẠN XÃ HỘI VÀ XÂY DỰNG", "PHONG TRÀO TOÀN DÂN", "BẢO VỆ AN NINH TỔ QUỐC"),
        ),
        ("", ()),
    ],
)
def test_issuer_breaks_by_sense(name: str, lines: tuple[str, ...]) -> None:
    assert Heading(issuer=name).issuer_lines == lines


def test_lines_fit_and_the_last_carries_a_rule_of_a_third_of_the_longest() -> None:
    names = (
        "CÔNG TY TRÁCH NHIỆM HỮU HẠN MỘT THÀNH VIÊN XỔ SỐ KIẾN THIẾT AN HÒA",
        "TRƯỜNG PHỔ THÔNG DÂN TỘC NỘI TRÚ TRUNG HỌC CƠ SỞ ĐÔNG HẢI",
    )

    for name in names:
        widths = [typography.text_width_mm(line, 12) for line in Heading(issuer=name).issuer_lines]

        assert max(widths) <= 66
        assert widths[-1] * 0.48 >= max(widths) / 3


def test_width_of_a_text_is_that_of_the_face() -> None:
    assert typography.text_width_mm("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12) == pytest.approx(88.3, abs=0.1)


def test_signature_lines_of_every_capacity() -> None:
    assert signature_lines("CHỦ TỊCH") == ("CHỦ TỊCH",)
    assert signature_lines("CHỦ TỊCH", body="ỦY BAN NHÂN DÂN") == ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
    assert signature_lines("CHỦ TỊCH", body="ỦY BAN NHÂN DÂN", signer="PHÓ CHỦ TỊCH") == (
        "TM. ỦY BAN NHÂN DÂN",
        "KT. CHỦ TỊCH",
        "PHÓ CHỦ TỊCH",
    )
    assert signature_lines("CHỦ TỊCH", signer="CHÁNH VĂN PHÒNG", mark="TL.") == ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG")


def test_paragraphs_tell_titles_and_fill_placeholders() -> None:
    assert typography.paragraphs("# 1. Năm {year}\n\nMột\ncâu.\n\n", year=2026) == (
        Paragraph(text="1. Năm 2026", is_title=True),
        Paragraph(text="Một câu."),
    )
    with pytest.raises(KeyError):
        typography.paragraphs("{unknown}", year=2026)


def test_pdf_says_what_it_is_and_is_tagged() -> None:
    """AC-27."""
    document = printed.not_met_notice()

    with pikepdf.open(io.BytesIO(pdf.render(document.template, document))) as book:
        metadata = dict(book.open_metadata())
        assert metadata["{http://www.aiim.org/pdfa/ns/id/}part"] == "2"
        assert metadata["{http://www.aiim.org/pdfa/ns/id/}conformance"] == "U"
        assert str(book.Root.Lang) == "vi"
        assert bool(book.Root.MarkInfo.Marked)
        assert "/StructTreeRoot" in book.Root
        assert [str(intent.S) for intent in book.Root.OutputIntents] == ["/GTS_PDFA1"]
        assert str(book.docinfo.Title) == document.title


def test_same_document_gives_the_same_bytes_in_any_language() -> None:
    document = printed.receipt()

    first = pdf.render(document.template, document)
    with override("en"):
        second = pdf.render(document.template, document)

    assert first == second


def test_only_the_configured_family_is_embedded_and_every_letter_is_read_back() -> None:
    """AC-18."""
    alphabet = " ".join(LETTERS + TONED) + " " + " ".join((LETTERS + TONED).upper())
    document = replace(printed.not_met_notice(), authority_phrase=alphabet)

    file = pdf.render(document.template, document)

    with open_pdf(io.BytesIO(file)) as book:
        fonts = {reading.family(char["fontname"]) for page in book.pages for char in page.chars}
    assert fonts == {"Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-Bold-Italic"}
    assert alphabet in " ".join(reading.texts(file))


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/a.png",
        "https://example.com/a.png",
        "file:///etc/passwd",
        "ftp://example.com/a",
        "asset:documents/../base.html",
        "asset:fonts/../../pyproject.toml",
        "asset:other/state.css",
        "asset:/etc/passwd",
        "state.css",
    ],
)
def test_pages_reach_neither_the_net_nor_the_disk(url: str) -> None:
    with pytest.raises(ValueError, match=r"asset|assets"):
        pdf.fetch_asset(url)


def test_own_assets_and_data_are_served() -> None:
    assert b"@page" in pdf.fetch_asset("asset:documents/state.css").read()
    assert pdf.fetch_asset(f"data:text/plain;base64,{b64encode(b'x').decode()}").read() == b"x"


def test_qr_has_37_modules_and_grows_for_a_long_url() -> None:
    assert "viewBox='0 0 45 45'" in unquote(qr.svg_data_url("https://antt.anhoa.example/c/6W3M9QK2ZT8RB5YNXD4HVC7JPA"))
    assert "viewBox='0 0 49 49'" in unquote(qr.svg_data_url("https://antt.anhoa.example/" + "x" * 70))


def test_printed_qr_is_read_by_a_scanner() -> None:
    document = printed.certificate()
    file = pdf.render(document.template, document)

    with open_pdf(io.BytesIO(file)) as book:
        picture = book.pages[0].to_image(resolution=150).original.convert("L")

    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [document.check_url]


@pytest.mark.parametrize(("number", "letter"), [(1, "a"), (5, "đ"), (23, "y"), (24, "aa"), (46, "ay"), (47, "ba")])
def test_points_are_lettered_past_the_alphabet(number, letter):
    assert point_letter(number) == letter
