"""One sample of each printed document; the province An Hòa and everybody in it are invented."""

from dataclasses import replace
from datetime import UTC, date, datetime

from core.typography import Heading, Paragraph, Person, Signature, number_line, signature_lines
from evaluations.documents import (
    Attendance,
    CertificateDocument,
    DecisionLayout,
    Exclusion,
    JudgedPoint,
    KindCount,
    ListedUnit,
    NamedException,
    NextStep,
    NotMetNoticeDocument,
    ReceiptDocument,
    RecognitionDecisionDocument,
    SelfReviewMinutesDocument,
    SessionMinutesDocument,
    SubmissionLetterDocument,
    UnitGroup,
    VotedItem,
    decision_layout,
)
from movement.documents import CommitmentDocument, Fact, commitment_texts

COMMITTEE = "Ban Chỉ đạo phòng, chống tội phạm, tệ nạn xã hội và xây dựng phong trào toàn dân bảo vệ an ninh Tổ quốc"
CIRCULAR = "Thông tư số 124/2021/TT-BCA"
DEPUTY = Signature(lines=signature_lines("CHỦ TỊCH", body="ỦY BAN NHÂN DÂN", signer="PHÓ CHỦ TỊCH"), name="Đỗ Thị Mai Hương")


def groups(count: int = 60) -> tuple[UnitGroup, ...]:
    kinds = (("Cơ quan", "Sở Nông nghiệp và Môi trường"), ("Doanh nghiệp", "Công ty Cổ phần Cấp nước"), ("Cơ sở giáo dục", "Trường THPT"))
    return tuple(
        UnitGroup(label=label, units=tuple(ListedUnit(name=f"{name} số {i}", area="Phường Hòa An") for i in range(1, count // 3 + 1)))
        for label, name in kinds
    )


def filled_layout(level: str = "province") -> DecisionLayout:
    return decision_layout(level).filled(
        year=2026,
        kinds="cơ quan, doanh nghiệp, cơ sở giáo dục",
        total="60",
        breakdown="20 cơ quan, 20 doanh nghiệp và 20 cơ sở giáo dục",
        place="tỉnh" if level == "province" else "phường",
        proposer="Giám đốc Công an tỉnh" if level == "province" else "Trưởng Công an phường",
        letter="Tờ trình số 412/TTr-CAT ngày 17 tháng 11 năm 2026",
        minutes="Biên bản số 02/BB-BCĐ ngày 16 tháng 11 năm 2026",
        committee=f"{COMMITTEE} tỉnh An Hòa",
        archive="VT, NC",
    )


def recognition_decision() -> RecognitionDecisionDocument:
    return RecognitionDecisionDocument(
        heading=Heading(
            issuer="ỦY BAN NHÂN DÂN TỈNH AN HÒA", number_line=number_line(1486, "QĐ-UBND"), place="An Hòa", date=date(2026, 11, 18)
        ),
        authority="ỦY BAN NHÂN DÂN TỈNH AN HÒA",
        layout=filled_layout(),
        groups=groups(),
        symbol="QĐ-UBND",
        authority_phrase="Ủy ban nhân dân tỉnh An Hòa",
        signature=DEPUTY,
    )


def certificate(unit_name: str = "Trường Trung học phổ thông Hòa An", signature: Signature | None = None) -> CertificateDocument:
    return CertificateDocument(
        authority="CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH AN HÒA",
        unit_name=unit_name,
        unit_place="Phường Hòa An, tỉnh An Hòa",
        year=2026,
        number="47",
        decision_number="1486/QĐ-UBND",
        decision_date=date(2026, 11, 18),
        place="An Hòa",
        date=date(2026, 11, 18),
        signature=signature or Signature(lines=("CHỦ TỊCH",), name="Lê Quang Minh"),
        check_url="https://antt.anhoa.example/c/6W3M9QK2ZT8RB5YNXD4HVC7JPA",
        check_site="antt.anhoa.example",
    )


def session_minutes(items: int = 30) -> SessionMinutesDocument:
    kinds = ("Cơ quan", "Doanh nghiệp", "Cơ sở giáo dục")
    return SessionMinutesDocument(
        heading=Heading(parent="ỦY BAN NHÂN DÂN TỈNH AN HÒA", issuer=COMMITTEE.upper(), number_line=number_line(2, "BB-BCĐ")),
        subject="Họp xét công nhận cơ quan, doanh nghiệp, cơ sở giáo dục đạt tiêu chuẩn “An toàn về an ninh, trật tự” năm 2026",
        started_at=datetime(2026, 11, 16, 1, 0, tzinfo=UTC),
        ended_at=datetime(2026, 11, 16, 3, 45, tzinfo=UTC),
        location="Phòng họp số 2, trụ sở Ủy ban nhân dân tỉnh An Hòa",
        chair=Person(name="Ông Lê Quang Minh", post="Chủ tịch Ủy ban nhân dân tỉnh, Trưởng Ban Chỉ đạo"),
        secretary=Person(name="Bà Trần Thu Hà", post="Phó Trưởng phòng Xây dựng phong trào bảo vệ an ninh Tổ quốc, Công an tỉnh"),
        guests=(Person(name="Ông Hồ Sỹ Bình", post="Phó Chánh Văn phòng Ủy ban nhân dân tỉnh"),),
        attendance=tuple(
            Attendance(
                name=f"Nguyễn Văn Thứ {i}",
                post="Giám đốc Sở Giáo dục và Đào tạo",
                role="Ủy viên",
                presence="Vắng" if i > 13 else "Có mặt",
            )
            for i in range(1, 16)
        ),
        members=15,
        present=13,
        quorum=10,
        majority="quá nửa số thành viên có quyền biểu quyết",
        agenda="Xét 63 hồ sơ đề nghị công nhận đạt tiêu chuẩn “An toàn về an ninh, trật tự” năm 2026 của các đơn vị do tỉnh quản lý.",
        appraisal=(f"Thường trực Ban Chỉ đạo đã thẩm định 63/63 hồ sơ; 60 hồ sơ đạt đủ các tiêu chí tại Điều 6, Điều 7 {CIRCULAR}.",),
        remarks=(
            "Đại diện Sở Giáo dục và Đào tạo nhất trí với kết quả thẩm định.",
            "Đề nghị công khai danh sách ngay sau khi có quyết định.",
        ),
        items=tuple(
            VotedItem(
                code=f"ANTT-01001-2026-{i:04d}",
                unit=f"Trường Trung học phổ thông số {i}",
                kind=kinds[i % 3],
                entitled=13,
                in_favour=13 if i > 3 else 4,
                against=0 if i > 3 else 9,
                abstained=0,
                excluded=0,
                carried=i > 3,
            )
            for i in range(1, items + 1)
        ),
        exclusions=(Exclusion(member="Ông Ngô Tấn Phát", unit="Trường Trung học phổ thông số 7", ground="là người đứng đầu đơn vị"),),
        exceptions=(
            NamedException(
                person="Bà Trần Thu Hà",
                unit="Trường Trung học phổ thông số 9",
                what="vừa nhập thay vừa thẩm định hồ sơ",
                ground="Công an phường chỉ có 01 cán bộ phụ trách",
            ),
        ),
        conclusions=("Thống nhất đề nghị công nhận 60 đơn vị.", "Thông báo lý do bằng văn bản cho 03 đơn vị chưa được đề nghị công nhận."),
        recipients=("Các thành viên Ban Chỉ đạo", "Công an tỉnh (Thường trực Ban Chỉ đạo)", "Lưu: VT, hồ sơ"),
        secretary_signature=Signature(lines=("THƯ KÝ",), name="Trần Thu Hà"),
        chair_signature=Signature(lines=("CHỦ TỌA",), name="Lê Quang Minh"),
    )


def judged_points() -> tuple[JudgedPoint, ...]:
    return (
        JudgedPoint(citation="khoản 1 Điều 4", label="Quý I: chi bộ có nghị quyết, khu dân cư đăng ký, 100% hộ tham gia", is_met=True),
        JudgedPoint(citation="khoản 2 Điều 4", label="Thực hiện đầy đủ chủ trương, pháp luật và quy định của địa phương", is_met=True),
        JudgedPoint(
            citation="điểm d khoản 4 Điều 4",
            label="Không cháy, nổ nghiêm trọng; tai nạn lao động chết người; sự cố nghiêm trọng",
            is_met=False,
            note="Xảy ra 01 vụ cháy nghiêm trọng, không thuộc trường hợp bất khả kháng",
        ),
        JudgedPoint(
            citation="khoản 5 Điều 4", label="Lực lượng an ninh, trật tự cơ sở hoàn thành nhiệm vụ", is_met=None, note="Chưa thành lập"
        ),
    )


def self_review_minutes() -> SelfReviewMinutesDocument:
    return SelfReviewMinutesDocument(
        heading=Heading(parent="PHƯỜNG HÒA AN", issuer="TỔ DÂN PHỐ SỐ 12"),
        subject="Họp tự đánh giá các tiêu chí “An toàn về an ninh, trật tự” năm 2026",
        dossier_code="ANTT-01001-2026-0047",
        unit_name="Tổ dân phố số 12",
        article=f"Điều 4 {CIRCULAR}",
        window_from=date(2025, 11, 1),
        window_to=date(2026, 10, 31),
        started_at=datetime(2026, 11, 2, 12, 30, tzinfo=UTC),
        ended_at=datetime(2026, 11, 2, 14, 5, tzinfo=UTC),
        location="Nhà văn hóa Tổ dân phố số 12",
        chair=Person(name="Ông Hoàng Văn Lực", post="Tổ trưởng tổ dân phố"),
        secretary=Person(name="Bà Lý Thị Sen", post="Chi hội trưởng Chi hội Phụ nữ"),
        participants=(
            Person(name="Ông Vàng A Dế", post="Bí thư chi bộ"),
            Person(name="Bà Lý Thị Sen", post="Chi hội trưởng Chi hội Phụ nữ"),
            Person(name="Ông Bùi Quốc Khánh", post="Công an phường Hòa An"),
        ),
        points=judged_points(),
        remarks=(),
        conclusions=("Khắc phục ngay nguyên nhân cháy; tuyên truyền đến từng hộ gia đình.",),
        secretary_signature=Signature(lines=("THƯ KÝ",), name="Lý Thị Sen"),
        chair_signature=Signature(lines=("CHỦ TỌA",), name="Hoàng Văn Lực"),
    )


def receipt() -> ReceiptDocument:
    return ReceiptDocument(
        heading=Heading(parent="ỦY BAN NHÂN DÂN PHƯỜNG HÒA AN", issuer="THƯỜNG TRỰC BAN CHỈ ĐẠO", place="Hòa An", date=date(2026, 11, 5)),
        code="ANTT-01001-2026-0047",
        unit_name="Tổ dân phố số 12",
        unit_kind="Khu dân cư",
        unit_place="Phường Hòa An, tỉnh An Hòa",
        year=2026,
        submitted_by="Ông Hoàng Văn Lực, Tổ trưởng tổ dân phố",
        submitted_at=datetime(2026, 11, 5, 7, 5, tzinfo=UTC),
        self_result="Đạt 14/14 tiêu chí",
        contents=("Bản cam kết ngày 05/3/2026", "Biên bản họp tự đánh giá ngày 02/11/2026", "23 tài liệu minh chứng cho 19 câu hỏi"),
        next_steps=(
            NextStep(
                when="Đến hết ngày 08/11/2026", what="Thường trực Ban Chỉ đạo thẩm định; nếu cần bổ sung, hồ sơ được trả lại kèm lý do."
            ),
            NextStep(when="Ngày 10/11/2026", what="Ban Chỉ đạo họp xét."),
            NextStep(when="Trước ngày 15/11/2026", what="Chủ tịch Ủy ban nhân dân phường quyết định; kết quả được thông báo cho đơn vị."),
        ),
        contact="Công an phường Hòa An, điện thoại 0213 3888 123",
        check_url="https://antt.anhoa.example/h/K2ZT8RB5YNXD4HVC7JPA6W3M9Q",
        check_site="antt.anhoa.example",
    )


def not_met_notice() -> NotMetNoticeDocument:
    return NotMetNoticeDocument(
        heading=Heading(
            issuer="ỦY BAN NHÂN DÂN PHƯỜNG HÒA AN", number_line=number_line(7, "TB-UBND"), place="Hòa An", date=date(2026, 11, 12)
        ),
        subject="Kết quả xét công nhận đạt tiêu chuẩn “An toàn về an ninh, trật tự” năm 2026",
        unit_name="Tổ dân phố số 12",
        unit_place="phường Hòa An, tỉnh An Hòa",
        dossier_code="ANTT-01001-2026-0047",
        year=2026,
        bases=(
            f"Căn cứ {CIRCULAR} ngày 28 tháng 12 năm 2021 của Bộ trưởng Bộ Công an",
            "Căn cứ Biên bản số 02/BB-BCĐ của Ban Chỉ đạo phường",
        ),
        authority_phrase="Ủy ban nhân dân phường Hòa An",
        points=tuple(point for point in judged_points() if point.is_met is False),
        advice=("Đơn vị cần giải thích thêm, xin liên hệ Công an phường Hòa An.", "Đơn vị tiếp tục đăng ký phấn đấu năm 2027 trong quý I"),
        recipients=("Tổ dân phố số 12", "Thường trực Ban Chỉ đạo phường", "Lưu: VT, CAP"),
        signature=DEPUTY,
    )


def submission_letter() -> SubmissionLetterDocument:
    return SubmissionLetterDocument(
        heading=Heading(
            parent="BỘ CÔNG AN",
            issuer="CÔNG AN TỈNH AN HÒA",
            number_line=number_line(412, "TTr-CAT"),
            place="An Hòa",
            date=date(2026, 11, 17),
        ),
        subject="Đề nghị công nhận cơ quan, doanh nghiệp, cơ sở giáo dục đạt tiêu chuẩn “An toàn về an ninh, trật tự” năm 2026",
        addressees=("Chủ tịch Ủy ban nhân dân tỉnh An Hòa",),
        opening=f"Thực hiện {CIRCULAR} ngày 28 tháng 12 năm 2021 của Bộ trưởng Bộ Công an, Công an tỉnh báo cáo, đề nghị như sau:",
        sections=(
            Paragraph(text="1. Quá trình xét, thẩm định", is_title=True),
            Paragraph(text="Công an tỉnh đã thẩm định 63/63 hồ sơ; trả lại 08 hồ sơ để bổ sung, đến nay đã hoàn thiện."),
            Paragraph(text="2. Kết quả họp Ban Chỉ đạo", is_title=True),
            Paragraph(text="Ban Chỉ đạo tỉnh họp xét với 13/15 thành viên (Biên bản số 02/BB-BCĐ), thống nhất kết quả sau:"),
        ),
        counts=(
            KindCount(kind="Cơ quan", appraised=21, proposed=20),
            KindCount(kind="Doanh nghiệp", appraised=21, proposed=20),
            KindCount(kind="Cơ sở giáo dục", appraised=21, proposed=20),
        ),
        proposal=("Kính trình Chủ tịch Ủy ban nhân dân tỉnh xem xét, ký Quyết định công nhận và cấp Giấy công nhận cho 60 đơn vị.",),
        enclosures=("dự thảo Quyết định", "Biên bản họp", "báo cáo thẩm định"),
        groups=groups(),
        not_proposed=(
            UnitGroup(
                label="Cơ quan", units=(ListedUnit(name="Ban Quản lý chợ", area="Phường Tân Lập", note="Chưa đạt điểm g khoản 3 Điều 6"),)
            ),
        ),
        year=2026,
        symbol="TTr-CAT",
        authority_phrase="Công an tỉnh An Hòa",
        recipients=("Như trên", "Trưởng Ban Chỉ đạo tỉnh (báo cáo)", "Lưu: VT, PV05"),
        signature=Signature(lines=signature_lines("GIÁM ĐỐC", signer="PHÓ GIÁM ĐỐC"), name="Phạm Đức Long"),
    )


def commitment(kind: str = "school") -> CommitmentDocument:
    wording = next(text for text in commitment_texts() if text.kind == kind)
    return CommitmentDocument.of(
        wording,
        values={
            "year": 2026,
            "unit": "Trường Trung học phổ thông Hòa An",
            "place": "phường Hòa An",
            "police": "Công an phường Hòa An",
        },
        heading=Heading(
            parent="SỞ GIÁO DỤC VÀ ĐÀO TẠO TỈNH AN HÒA", issuer="TRƯỜNG TRUNG HỌC PHỔ THÔNG HÒA AN", place="Hòa An", date=date(2026, 3, 5)
        ),
        addressees=(f"{COMMITTEE} phường Hòa An",),
        unit_name="Trường Trung học phổ thông Hòa An",
        year=2026,
        facts=(
            Fact(label="Tên đơn vị", value="Trường Trung học phổ thông Hòa An"),
            Fact(label="Loại đơn vị", value="Cơ sở giáo dục (trung học phổ thông)"),
            Fact(label="Địa chỉ", value="Số 25, đường Lê Lợi, phường Hòa An, tỉnh An Hòa"),
            Fact(label="Mã hồ sơ", value="ANTT-01001-2026-0047"),
            Fact(label="Người đứng đầu", value="Ông Ngô Tấn Phát, Hiệu trưởng"),
        ),
        prepared_by=Signature(lines=("NGƯỜI LẬP",), name="Vũ Thị Hạnh"),
        signed_by=Signature(lines=("ĐẠI DIỆN ĐƠN VỊ CAM KẾT", "HIỆU TRƯỞNG"), name="Ngô Tấn Phát"),
        signed_at=datetime(2026, 3, 5, 1, 30, tzinfo=UTC),
    )


def commitment_from_paper() -> CommitmentDocument:
    return replace(commitment(), signed_at=None, entry_note="Nhập thay theo bản giấy ký ngày 05/3/2026; người nhập: Bùi Quốc Khánh.")
