"""The documents of an evaluation year, read back from their PDFs."""

from dataclasses import replace
from functools import cache

import pytest

from core import pdf
from core.typography import Signature
from evaluations.documents import decision_layout, numbered
from tests import reading
from tests.factories import printed

LONG_NAME = "Công ty Trách nhiệm hữu hạn Một thành viên Sản xuất và Thương mại Vật liệu xây dựng Hoàng Long Bắc Sơn"


@cache
def render(document: object) -> bytes:
    return pdf.render(document.template, document)


def test_decision_has_every_part_of_its_form() -> None:
    """AC-22: căn cứ in italics with ; and ., QUYẾT ĐỊNH:, articles bold, the list as an appendix, ./."""
    file = render(printed.recognition_decision())

    text = " ".join(reading.texts(file))
    lines = [line for page in reading.pages(file) for line in page]
    assert "Số: 1486/QĐ-UBND" in text
    assert "An Hòa, ngày 18 tháng 11 năm 2026" in text
    assert "ngày 16 tháng 6 năm 2025; Căn cứ Thông tư số 124/2021/TT-BCA" in text
    assert "tại Tờ trình số 412/TTr-CAT ngày 17 tháng 11 năm 2026. QUYẾT ĐỊNH: Điều 1. Công nhận 60" in text
    assert "thi hành Quyết định này./." in text
    assert "Phụ lục DANH SÁCH CƠ QUAN, DOANH NGHIỆP, CƠ SỞ GIÁO DỤC" in text
    assert {line.font for line in lines if line.text.startswith("Căn cứ ")} == {"Tinos-Italic"}
    assert {line.font for line in lines if line.text.startswith("Điều ")} == {"Tinos-Bold"}
    assert "60 Trường THPT số 20 Phường Hòa An" in text


def test_pages_are_a4_with_margins_of_the_decree() -> None:
    """AC-16: top 20–25, bottom 20–25, left 30–35, right 15–20 mm."""
    file = render(printed.recognition_decision())

    assert set(reading.sizes(file)) == {(210, 297)}
    for page in reading.pages(file):
        body = [line for line in page if line.top > 20]
        assert min(line.left for line in body) >= 29.9
        assert max(line.right for line in body) <= 195.1
        assert max(line.bottom for line in body) <= 277.1


def test_page_numbers_start_on_the_second_page_and_anew_in_each_appendix() -> None:
    """AC-16 and AC-17: page 1 and the first page of each appendix carry none."""
    file = render(printed.session_minutes())

    numbers = [[line.text for line in page if line.top < 19] for page in reading.pages(file)]
    starts = [index for index, page in enumerate(reading.texts(file)) if page.startswith("Phụ lục")]
    assert len(starts) == 2
    body, first, second = numbers[: starts[0]], numbers[starts[0] : starts[1]], numbers[starts[1] :]
    assert len(body) > 1
    assert len(second) > 1
    for part in (body, first, second):
        assert part == [[], *[[str(number)] for number in range(2, len(part) + 1)]]


def test_page_number_is_14_pt_upright_inside_the_top_margin() -> None:
    number = reading.pages(render(printed.session_minutes()))[1][0]

    assert (number.text, number.size, number.font) == ("2", 14, "Tinos")
    assert number.bottom < 20
    assert (number.left + number.right) / 2 == pytest.approx((30 + 194) / 2, abs=0.5)


def test_deputy_signs_for_the_collective_with_room_for_the_signature() -> None:
    """AC-19: TM. / KT. / PHÓ, at least 26 mm free, the name bold, together with Nơi nhận and text before it."""
    file = render(printed.recognition_decision())

    page = next(index for index, text in enumerate(reading.texts(file)) if "Nơi nhận" in text)
    found = reading.words(file, page)
    collective, deputy_for, title = found["TM. ỦY BAN NHÂN DÂN"], found["KT. CHỦ TỊCH"], found["PHÓ CHỦ TỊCH"]
    name = found["Đỗ Thị Mai Hương"]
    assert collective.top < deputy_for.top < title.top
    assert name.top - title.bottom >= 26
    assert {line.font for line in (collective, deputy_for, title, name)} == {"Tinos-Bold"}
    assert found["Nơi nhận:"].bottom == pytest.approx(collective.bottom, abs=1)
    assert "./." in reading.texts(file)[page].partition("Nơi nhận")[0]


def test_recipients_are_small_and_end_with_the_archive() -> None:
    """AC-20: each “- …;”, the last “- Lưu: ….”, 11 pt; the label 12 pt bold italic."""
    file = render(printed.submission_letter())

    found = reading.words(file)
    label = found["Nơi nhận:"]
    recipients = [line for text, line in found.items() if text.startswith("- ")]
    assert (label.size, label.font) == (12, "Tinos-Bold-Italic")
    assert [line.text for line in recipients] == ["- Như trên;", "- Trưởng Ban Chỉ đạo tỉnh (báo cáo);", "- Lưu: VT, PV05."]
    assert {line.size for line in recipients} == {11}


def test_heading_has_the_sizes_and_the_case_of_the_decree() -> None:
    found = reading.words(render(printed.submission_letter()))

    assert {text: (found[text].size, found[text].font) for text in found if text in HEADING} == HEADING


HEADING = {
    "BỘ CÔNG AN": (12, "Tinos"),
    "CÔNG AN TỈNH AN HÒA": (12, "Tinos-Bold"),
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM": (12, "Tinos-Bold"),
    "Độc lập - Tự do - Hạnh phúc": (13, "Tinos-Bold"),
    "Số: 412/TTr-CAT": (13, "Tinos"),
    "An Hòa, ngày 17 tháng 11 năm 2026": (13, "Tinos-Italic"),
    "TỜ TRÌNH": (14, "Tinos-Bold"),
}


def test_draft_decision_leaves_number_and_date_blank() -> None:
    document = printed.recognition_decision()
    draft = replace(document, heading=replace(document.heading, number_line=f"Số: {chr(160) * 8}/QĐ-UBND", date=None))

    text = reading.texts(render(draft))[0]

    assert "Số: /QĐ-UBND" in text
    assert "An Hòa, ngày tháng năm" in text


@pytest.mark.parametrize("level", ["province", "commune"])
def test_layouts_fill_without_a_leftover(level: str) -> None:
    layout = printed.filled_layout(level)

    assert "{" not in " ".join((layout.subject, *layout.bases, *layout.articles, layout.annex_title, *layout.recipients))
    assert layout.recipients[-1] == "Lưu: VT, NC"
    assert layout.recipients[0] == f"Như Điều {len(layout.articles)}"


def test_layout_refuses_a_missing_value() -> None:
    with pytest.raises(KeyError):
        decision_layout("commune").filled(year=2026)


def test_units_are_numbered_through_all_groups() -> None:
    groups = numbered(printed.groups(6))

    assert [[row.number for row in group.rows] for group in groups] == [[1, 2], [3, 4], [5, 6]]


def test_certificate_fits_one_landscape_page() -> None:
    file = render(printed.certificate())

    assert reading.sizes(file) == [(297, 210)]
    text = reading.texts(file)[0]
    for part in (
        "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH AN HÒA GIẤY CÔNG NHẬN Trường Trung học phổ thông Hòa An",
        "Đạt tiêu chuẩn “An toàn về an ninh, trật tự” năm 2026",
        "Quyết định số 1486/QĐ-UBND",
        "Vào sổ cấp Giấy công nhận số: 47",
        "antt.anhoa.example",
    ):
        assert part in text


def test_certificate_holds_the_longest_name_and_three_lines_of_signature() -> None:
    file = render(printed.certificate(LONG_NAME, printed.DEPUTY))

    found = reading.words(file)
    assert reading.sizes(file) == [(297, 210)]
    assert LONG_NAME in reading.texts(file)[0]
    assert found["Đỗ Thị Mai Hương"].top - found["PHÓ CHỦ TỊCH"].bottom >= 26
    assert found["An Hòa, ngày 18 tháng 11 năm 2026"].top > found["Đạt tiêu chuẩn “An toàn về an ninh, trật tự” năm 2026"].bottom
    assert max(line.bottom for line in found.values()) < 190


def test_session_minutes_show_quorum_votes_exclusions_and_exceptions() -> None:
    document = printed.session_minutes()

    text = " ".join(reading.texts(render(document)))

    assert (document.has_quorum, document.absent) == (True, 2)
    assert [(tally.kind, tally.presented, tally.carried) for tally in document.tallies] == [
        ("Doanh nghiệp", 10, 9),
        ("Cơ sở giáo dục", 10, 9),
        ("Cơ quan", 10, 9),
    ]
    for part in (
        "Thời gian bắt đầu: 08 giờ 00 phút, ngày 16 tháng 11 năm 2026.",
        "13/15 thành viên Ban Chỉ đạo (danh sách tại Phụ lục I); vắng 02 thành viên. Số thành viên cần có để họp là 10; cuộc họp đủ",
        "Ông Ngô Tấn Phát không tham gia đối với Trường Trung học phổ thông số 7: là người đứng đầu đơn vị.",
        "Ngoại lệ do chủ tọa chấp thuận: Bà Trần Thu Hà vừa nhập thay vừa thẩm định hồ sơ của Trường Trung học phổ thông số 9;",
        "Cuộc họp kết thúc vào 10 giờ 45 phút, ngày 16 tháng 11 năm 2026.",
        "THƯ KÝ CHỦ TỌA",
        "Trần Thu Hà Lê Quang Minh",
        "ANTT-01001-2026-0030",
    ):
        assert part in text
    assert "tháng 11 năm 2026 BIÊN BẢN" not in text  # no place and date (Mẫu 1.9)


def test_session_minutes_say_so_when_nobody_was_excluded() -> None:
    text = " ".join(reading.texts(render(replace(printed.session_minutes(items=1), exclusions=(), exceptions=(), remarks=()))))

    assert "Không có thành viên phải loại trừ." in text
    assert "Không có trường hợp ngoại lệ" in text
    assert "Không có ý kiến khác." in text


def test_self_review_minutes_print_every_point_with_its_result() -> None:
    document = printed.self_review_minutes()

    text = " ".join(reading.texts(render(document)))

    assert [point.result_label for point in document.points] == ["Đạt", "Đạt", "Chưa đạt", "Không áp dụng"]
    assert "02 tiêu chí đạt; 01 tiêu chí chưa đạt; 01 tiêu chí không áp dụng. Kết quả tự đánh giá: CHƯA ĐẠT." in text
    assert "Thành phần tham dự (03 người): - Ông Vàng A Dế, Bí thư chi bộ;" in text
    assert "kỳ đánh giá từ ngày 01 tháng 11 năm 2025 đến ngày 31 tháng 10 năm 2026" in text
    assert "19 giờ 30 phút, ngày 02 tháng 11 năm 2026" in text


def test_receipt_names_code_time_and_next_steps() -> None:
    file = render(printed.receipt())

    text = reading.texts(file)
    assert len(text) == 1
    for part in (
        "ANTT-01001-2026-0047",
        "14 giờ 05 phút, ngày 05 tháng 11 năm 2026",
        "Trước ngày 15/11/2026",
        "Bản cam kết ngày 05/3/2026",
    ):
        assert part in text[0]


def test_not_met_notice_gives_points_and_reasons() -> None:
    text = reading.texts(render(printed.not_met_notice()))[0]

    assert "Số: 07/TB-UBND" in text
    assert "chưa đạt tiêu chuẩn “An toàn về an ninh, trật tự” năm 2026" in text
    assert "điểm d khoản 4" in text
    assert "Xảy ra 01 vụ cháy" in text
    assert "Kính gửi" not in text


def test_submission_letter_lists_proposed_and_not_proposed_units() -> None:
    text = reading.texts(render(printed.submission_letter()))

    assert "Kính gửi: Chủ tịch Ủy ban nhân dân tỉnh An Hòa." in text[0]
    assert "Cộng 63 60 03" in text[0]
    assert "(Gửi kèm: dự thảo Quyết định, Biên bản họp, báo cáo thẩm định)./." in text[0]
    assert text[1].startswith("Phụ lục I DANH SÁCH ĐƠN VỊ ĐỀ NGHỊ CÔNG NHẬN")
    assert text[-1].startswith("Phụ lục II DANH SÁCH ĐƠN VỊ CHƯA ĐỀ NGHỊ CÔNG NHẬN")


def test_several_addressees_stand_on_lines_of_their_own() -> None:
    letter = replace(printed.submission_letter(), addressees=("Chủ tịch Ủy ban nhân dân tỉnh", "Trưởng Ban Chỉ đạo tỉnh"))

    text = reading.texts(render(letter))[0]

    assert "- Chủ tịch Ủy ban nhân dân tỉnh; - Trưởng Ban Chỉ đạo tỉnh." in text.replace("Kính gửi: ", "")


def test_office_held_in_the_body_stands_above_the_name() -> None:
    signature = Signature(lines=("TRƯỞNG BAN",), name="Lê Quang Minh", office="CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH")

    found = reading.words(render(replace(printed.submission_letter(), signature=signature)))

    title, office, name = found["TRƯỞNG BAN"], found["CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH"], found["Lê Quang Minh"]
    assert office.top - title.bottom >= 26
    assert 0 <= name.top - office.bottom < 3


def test_user_text_is_escaped() -> None:
    text = reading.texts(render(printed.certificate("Tổ <b>số</b> 1 & 2")))[0]

    assert "Tổ <b>số</b> 1 & 2" in text
