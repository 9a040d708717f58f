"""Answering: every kind of question through its form, saving answer by answer, two editors, evidence and our own rows."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from core.models import AuditEvent, StoredFile
from core.transitions import DomainError, TransitionRefused
from core.uploads import Accepted
from evaluations import judging
from evaluations.forms.answers import answer_form
from evaluations.models import Answer, Dossier, Evidence, SourceSnapshot
from evaluations.operations import dossier as operations
from evaluations.operations import evidence as evidences
from evaluations.operations.dossier import AnswerInput
from movement.models import HouseholdCount, ModelPractice, ModelYear
from tests.factories import evaluations as make

pytestmark = pytest.mark.django_db


def answer(dossier: Dossier, code: str) -> Answer:
    return dossier.answers.select_related("question__criterion", "dossier").get(question__code=code)


def page_of(row: Answer) -> str:
    return reverse("evaluations:dossier-group", args=[row.dossier_id, row.question.criterion.parent_id])


def post_one(client, row: Answer, **fields):
    """What htmx sends: the fields of one answer with the marks of its page."""
    data = {"version": row.version, "base": "", "note": "", "no_file_reason": "", **fields}
    url = reverse("evaluations:answer-save", args=[row.pk])
    return client.post(url, {f"a{row.pk}-{name}": value for name, value in data.items()}, HTTP_HX_REQUEST="true")


# ---------- Opening ----------


def test_open_dossier_makes_one_dossier_however_often_it_is_called(world):
    first = make.opened_dossier(world)

    second = operations.open_dossier(first.participation_id, at=world.at)

    assert second == first
    assert first.answers.count() == 19
    assert AuditEvent.objects.filter(verb="dossier.open").count() == 1


def test_open_dossier_takes_households_and_models_from_our_own_rows(world):
    HouseholdCount.objects.create(participation=world.participation(world.residential_area), total=120, signed_up=119)

    row = answer(make.opened_dossier(world), "KDC-1c")

    assert (row.self_value, row.self_result, row.snapshots.count()) == ({"part": 119, "whole": 120}, "not_met", 1)


@pytest.mark.parametrize(("rating", "count"), [("good", 1), ("fair", 1), ("average", 0), (None, 0)])
def test_models_count_when_rated_fair_or_better(world, rating, count):
    model = ModelPractice.objects.create(unit=world.school, name="Cổng trường an toàn", launched_on=world.at.date().replace(year=2024))
    if rating:
        ModelYear.objects.create(model=model, year=world.campaign.year, rating=rating)

    row = answer(make.opened_dossier(world, world.school), "GD-1đ")

    assert row.self_value == {"count": count}


def test_empty_register_fills_nothing(world):
    row = answer(make.opened_dossier(world, world.school), "GD-1đ")

    assert (row.self_value, row.self_result) == ({}, "")


# ---------- Each kind's form ----------

KINDS = [
    ("KDC-1a", {"has": "yes"}, {"has": True}, "met"),
    ("KDC-1a", {"has": "no"}, {"has": False}, "not_met"),
    ("KDC-1a", {}, {}, ""),
    ("KDC-1c", {"part": "1.217", "whole": "1217"}, {"part": 1217, "whole": 1217}, "met"),
    ("KDC-1c", {"part": "999", "whole": "1.000"}, {"part": 999, "whole": 1000}, "not_met"),
    ("KDC-1c", {"part": "5"}, {"part": 5}, ""),
    ("KDC-2", {"yes": "yes"}, {"yes": True}, "met"),
    ("KDC-2", {"yes": "no"}, {"yes": False}, "not_met"),
    ("KDC-3a", {"happened": "yes"}, {"count": 0}, "met"),
    ("KDC-3a", {"happened": "no", "count": "2"}, {"count": 2}, "not_met"),
    ("KDC-4b", {"happened": "no", "count": "1", "exception": "force_majeure"}, {"count": 1, "exception": "force_majeure"}, "met"),
    (
        "KDC-4a",
        {"current": "2", "previous": "3", "source": "Báo cáo"},
        {"current": 2, "previous": 3, "source": "Báo cáo"},
        "met",
    ),
    ("KDC-4a", {"current": "2", "source": "Chưa có số liệu"}, {"current": 2, "previous": None, "source": "Chưa có số liệu"}, ""),
    ("KDC-5a", {"rating": "completed"}, {"rating": "completed"}, "met"),
    ("KDC-5a", {"rating": "failed"}, {"rating": "failed"}, "not_met"),
]


@pytest.mark.parametrize(("code", "fields", "value", "result"), KINDS)
def test_form_of_each_kind_saves_and_shows_the_result(world, client_for, code, fields, value, result):
    row = answer(make.opened_dossier(world), code)

    response = post_one(client_for(world.cast.head), row, **fields)

    row.refresh_from_db()
    assert (response.status_code, row.self_value, row.self_result) == (200, value, result)
    assert "Đã lưu lúc" in response.content.decode()


@pytest.mark.parametrize(
    ("code", "ticks", "none", "value", "result"),
    [
        ("GD-1b", ["plan", "registration"], False, {"ticks": ["plan", "registration"]}, "met"),
        ("GD-1b", ["plan"], False, {"ticks": ["plan"]}, "not_met"),
        ("GD-1b", [], True, {"ticks": []}, "not_met"),
        ("GD-1b", [], False, {}, ""),
    ],
)
def test_list_of_documents(world, client_for, code, ticks, none, value, result):
    row = answer(make.opened_dossier(world, world.school), code)

    post_one(client_for(world.cast.school_head), row, ticks=ticks, **({"none": "on"} if none else {}))

    row.refresh_from_db()
    assert (row.self_value, row.self_result) == (value, result)


def test_late_registration_voids_its_tick_and_says_so(world, client_for):
    make.received_registration(world, world.school, is_late=True, late_reason="Thành lập tháng 4")
    row = answer(operations.open_dossier(world.participation(world.school).pk, at=world.at), "GD-1b")

    response = post_one(client_for(world.cast.school_head), row, ticks=["plan", "registration"])

    row.refresh_from_db()
    assert row.self_result == "not_met"
    assert "Đăng ký sau quý I" in response.content.decode()


def test_not_applicable_is_offered_only_where_the_rule_allows_it(world):
    dossier = make.opened_dossier(world, world.school)
    row = answer(dossier, "GD-1a")
    with_party = judging.facts_of(world.school)

    assert "ground" not in answer_form(row, facts=with_party).fields
    assert [
        label for _value, label in answer_form(row, facts={**with_party, "has_party_organisation": False}).fields["ground"].choices
    ] == [
        "Có áp dụng",
        "Không áp dụng: " + judging.not_applicable_grounds(row.question, {**with_party, "has_party_organisation": False})[0],
    ]


def test_not_applicable_is_saved_with_its_ground(world, client_for):
    type(world.school).objects.filter(pk=world.school.pk).update(has_party_organisation=False)
    row = answer(make.opened_dossier(world, world.school), "GD-1a")
    ground = judging.not_applicable_grounds(row.question, {**judging.facts_of(world.school), "has_party_organisation": False})[0]

    post_one(client_for(world.cast.school_head), row, ground=ground)

    row.refresh_from_db()
    assert (row.self_value, row.self_result) == ({"not_applicable": ground}, "not_applicable")


@pytest.mark.parametrize(
    ("code", "fields", "words"),
    [
        ("KDC-1c", {"part": "5", "whole": "4"}, "Không được lớn hơn tổng số"),
        ("KDC-1c", {"part": "năm"}, "Số hộ đăng ký tham gia"),
        ("KDC-1c", {"part": "-1", "whole": "4"}, "Số hộ đăng ký tham gia"),
        ("KDC-3a", {"happened": "no"}, "Ghi số vụ"),
        ("KDC-3a", {"happened": "yes", "count": "1"}, "để trống số vụ"),
        ("KDC-5a", {"rating": "sieu"}, "Mức xếp loại"),
        ("KDC-2", {"yes": "yes", "note": "TỐI MẬT"}, "bí mật nhà nước"),
        ("KDC-2", {"yes": "yes", "note": "x" * 2001}, "Ghi chú ngắn"),
    ],
)
def test_form_refuses(world, client_for, code, fields, words):
    row = answer(make.opened_dossier(world), code)

    response = post_one(client_for(world.cast.head), row, **fields)

    row.refresh_from_db()
    assert (response.status_code, row.self_value, row.version) == (422, {}, 0)
    assert words in response.content.decode()


def test_form_against_our_own_rows_asks_for_a_reason(world, client_for):
    HouseholdCount.objects.create(participation=world.participation(world.residential_area), total=120, signed_up=119)
    row = answer(make.opened_dossier(world), "KDC-1c")
    client = client_for(world.cast.head)

    bare = post_one(client, row, part="120", whole="120")
    reasoned = post_one(client, row, part="120", whole="120", note="Một hộ đăng ký bổ sung ngày 05/4.")

    row.refresh_from_db()
    assert (bare.status_code, reasoned.status_code, row.self_result) == (422, 200, "met")


def test_override_without_reason_is_refused_by_the_operation_too(world):
    HouseholdCount.objects.create(participation=world.participation(world.residential_area), total=120, signed_up=119)
    dossier = make.opened_dossier(world)
    row = answer(dossier, "KDC-1c")

    with pytest.raises(DomainError, match="ghi lý do"):
        operations.save_answers(
            dossier, answers={row.pk: AnswerInput({"part": 1, "whole": 1}, version=row.version)}, actor=world.cast.head, at=world.at
        )


# ---------- The whole page, without a script ----------


def page_fields(html: str) -> dict[str, list[str]]:
    """What a browser would send back: hidden marks of every answer on the page."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="(a\d+-(?:version|base))" value="([^"]*)"', html):
        found[name] = [value]
    return found


def test_page_without_script_saves_all_answers_and_goes_on(world, client_for):
    dossier = make.opened_dossier(world)
    rows = [answer(dossier, code) for code in ("KDC-1a", "KDC-1b", "KDC-1c")]
    client = client_for(world.cast.head)
    sent = page_fields(client.get(page_of(rows[0])).content.decode())
    sent |= {f"a{rows[0].pk}-has": ["yes"], f"a{rows[1].pk}-none": ["on"], f"a{rows[2].pk}-part": ["7"], f"a{rows[2].pk}-whole": ["8"]}

    response = client.post(page_of(rows[0]), sent)

    assert response.status_code == 302
    assert [Answer.objects.get(pk=row.pk).self_result for row in rows] == ["met", "not_met", "not_met"]


def test_page_keeps_what_was_right_and_shows_what_was_not(world, client_for):
    dossier = make.opened_dossier(world)
    good, bad = answer(dossier, "KDC-1a"), answer(dossier, "KDC-1c")
    client = client_for(world.cast.head)
    sent = page_fields(client.get(page_of(good)).content.decode())

    response = client.post(page_of(good), {**sent, f"a{good.pk}-has": "yes", f"a{bad.pk}-part": "9", f"a{bad.pk}-whole": "8"})

    good.refresh_from_db()
    bad.refresh_from_db()
    assert (response.status_code, good.self_result, bad.self_value) == (422, "met", {})
    assert 'value="9"' in response.content.decode()


# ---------- Two editors ----------


def test_second_editor_gets_both_versions_and_overwrites_nothing(world, client_for):
    row = answer(make.opened_dossier(world), "KDC-2")
    post_one(client_for(world.cast.officer), row, yes="no", note="Còn một nội dung chưa xong.")

    response = post_one(client_for(world.cast.head), row, yes="yes", note="Đã xong cả.")

    html = response.content.decode()
    stored = answer(row.dossier, "KDC-2")
    assert response.status_code == 409
    assert (stored.self_value, stored.self_note) == ({"yes": False}, "Còn một nội dung chưa xong.")
    assert "Tòng Thị Lả đã sửa tiêu chí này" in html
    assert "Còn một nội dung chưa xong." in html
    assert "Đã xong cả." in html


def test_second_editor_may_then_replace_on_purpose(world, client_for):
    row = answer(make.opened_dossier(world), "KDC-2")
    post_one(client_for(world.cast.officer), row, yes="no")
    client = client_for(world.cast.head)
    html = post_one(client, row, yes="yes").content.decode()
    row.version = int(page_fields(html)[f"a{row.pk}-version"][0])

    response = post_one(client, row, yes="yes")

    assert (response.status_code, answer(row.dossier, "KDC-2").self_value) == (200, {"yes": True})


def test_page_open_in_two_hands_loses_nothing(world, client_for):
    """The officer changed one question, the head another on an older page: both stand, nobody is bothered."""
    dossier = make.opened_dossier(world)
    mine, theirs = answer(dossier, "KDC-1a"), answer(dossier, "KDC-1b")
    client = client_for(world.cast.head)
    sent = page_fields(client.get(page_of(mine)).content.decode())
    post_one(client_for(world.cast.officer), theirs, none="on", note="Chưa gửi bản đăng ký.")

    response = client.post(page_of(mine), {**sent, f"a{mine.pk}-has": "yes"})

    assert response.status_code == 302
    assert [answer(dossier, code).self_value for code in ("KDC-1a", "KDC-1b")] == [{"has": True}, {"ticks": []}]


def test_saving_the_same_twice_is_one_version(world, client_for):
    row = answer(make.opened_dossier(world), "KDC-2")
    client = client_for(world.cast.head)

    statuses = [post_one(client, row, yes="yes").status_code for _turn in range(2)]

    assert (statuses, answer(row.dossier, "KDC-2").version) == ([200, 200], 1)


# ---------- Who may ----------


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("head", 200),
        ("officer", 200),
        ("commune_officer", 403),
        ("auditor", 403),
        ("neighbour_officer", 404),
        ("school_head", 404),
        ("admin", 404),
    ],
)
def test_who_may_answer(world, client_for, who, status):
    row = answer(make.opened_dossier(world), "KDC-2")

    response = post_one(client_for(getattr(world.cast, who)), row, yes="yes")

    assert response.status_code == status
    assert answer(row.dossier, "KDC-2").self_value == ({"yes": True} if status == 200 else {})


def test_operation_refuses_who_may_not_and_when_it_is_gone(world):
    dossier = make.opened_dossier(world)
    row = answer(dossier, "KDC-2")
    typed = {row.pk: AnswerInput({"yes": True})}

    with pytest.raises(PermissionDenied):
        operations.save_answers(dossier, answers=typed, actor=world.cast.commune_officer, at=world.at)
    Dossier.objects.filter(pk=dossier.pk).update(state="submitted", submitted_at=world.at, submitted_by=world.cast.head)
    with pytest.raises(TransitionRefused):
        operations.save_answers(dossier, answers=typed, actor=world.cast.head, at=world.at)


def test_locked_answer_is_not_written(world):
    dossier = make.opened_dossier(world)
    row = answer(dossier, "KDC-2")
    Answer.objects.filter(pk=row.pk).update(is_unlocked=False)

    with pytest.raises(DomainError, match="không nằm trong phần được trả lại"):
        operations.save_answers(dossier, answers={row.pk: AnswerInput({"yes": True})}, actor=world.cast.head, at=world.at)


# ---------- Our own rows ----------


def test_refresh_takes_the_register_anew(world, client_for):
    dossier = make.opened_dossier(world)
    HouseholdCount.objects.create(participation=dossier.participation, total=10, signed_up=10)

    response = client_for(world.cast.head).post(
        reverse("evaluations:sources-refresh", args=[dossier.pk]), {"once": "7b0dd5a8-36c1-4c40-8f0c-1c7f6a2f3d10"}
    )

    assert (response.status_code, answer(dossier, "KDC-1c").self_result) == (302, "met")


def test_commune_rates_are_fixed_by_the_province_alone(world):
    dossier = make.opened_dossier(world, world.commune_unit)
    make.received_registration(world, world.agency)
    row = answer(dossier, "XA-4a")

    with pytest.raises(PermissionDenied):
        operations.take_snapshot(row, actor=world.cast.commune_officer, at=world.at)
    snapshot = operations.take_snapshot(row, actor=world.cast.province_officer, at=world.at)

    row.refresh_from_db()
    assert (row.self_value, row.self_result) == ({"part": 1, "whole": 4}, "not_met")
    assert sorted(snapshot.row_ids) == sorted(
        world.participation(unit).pk for unit in (world.residential_area, world.agency, world.enterprise, world.school)
    )


def test_recognition_rate_counts_released_recognitions_only(world):
    row = answer(make.opened_dossier(world, world.commune_unit), "XA-4b")

    operations.take_snapshot(row, actor=world.cast.province_officer, at=world.at)

    row.refresh_from_db()
    assert row.self_value == {"part": 0, "whole": 4}


def test_rate_of_nothing_does_not_apply(world):
    dossier = make.opened_dossier(world, world.commune_unit)
    type(dossier.participation).objects.exclude(unit=world.commune_unit).update(ineligible_citation="Đ1.2.b")
    row = answer(dossier, "XA-4b")

    operations.take_snapshot(row, actor=world.cast.province_officer, at=world.at)

    row.refresh_from_db()
    assert row.self_result == "not_applicable"


def test_rate_is_not_typed_and_not_taken_from_other_questions(world):
    dossier = make.opened_dossier(world, world.commune_unit)
    rate = answer(dossier, "XA-4a")

    with pytest.raises(DomainError, match="không nhập tay"):
        operations.save_answers(
            dossier,
            answers={rate.pk: AnswerInput({"part": 4, "whole": 4})},
            actor=make_head(world),
            at=world.at,
        )
    with pytest.raises(DomainError):
        operations.take_snapshot(answer(dossier, "XA-1a"), actor=world.cast.province_officer, at=world.at)


def make_head(world):
    from tests.world import make_user
    from units.roles import Role

    return make_user("xa.chutich", "Lò Văn Chủ", Role.UNIT_HEAD, world.commune_unit)


# ---------- Evidence ----------


def accepted(data: bytes = b"%PDF", name: str = "ke-hoach.pdf") -> Accepted:
    return Accepted(data, name, "application/pdf")


def test_evidence_is_added_once_per_content(world):
    row = answer(make.opened_dossier(world), "KDC-1a")

    first = evidences.add_evidence(row, accepted=accepted(), actor=world.cast.head, at=world.at)
    second = evidences.add_evidence(row, accepted=accepted(name="ban-khac.pdf"), actor=world.cast.head, at=world.at)

    assert (first, StoredFile.objects.filter(purpose="evidence").count()) == (second, 1)


def test_evidence_upload_page_takes_several_files_and_a_paper(world, client_for):
    from django.core.files.uploadedfile import SimpleUploadedFile

    row = answer(make.opened_dossier(world), "KDC-1a")
    files = [SimpleUploadedFile(f"{colour}.png", make.png(colour), "image/png") for colour in ("red", "blue")]

    response = client_for(world.cast.head).post(
        reverse("evaluations:evidence-form", args=[row.pk]),
        {"once": "7b0dd5a8-36c1-4c40-8f0c-1c7f6a2f3d11", "attached": files, "held_on_paper": "Tủ số 3", "about_from": "01/03/2026"},
    )

    assert response.status_code == 302
    assert sorted(str(each) for each in row.evidence.all()) == ["Tủ số 3", "blue.png", "red.png"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Chọn tệp, hoặc ghi bản giấy"),
        ({"held_on_paper": "Tủ", "about_from": "02/03/2026", "about_to": "01/03/2026"}, "Phải sau ngày bắt đầu"),
        ({"held_on_paper": "TUYỆT MẬT"}, "bí mật nhà nước"),
        ({"held_on_paper": "Tủ", "about_from": "hôm qua"}, "30/11/2026"),
    ],
)
def test_evidence_form_refuses(world, client_for, fields, words):
    row = answer(make.opened_dossier(world), "KDC-1a")

    response = client_for(world.cast.head).post(
        reverse("evaluations:evidence-form", args=[row.pk]), {"once": "7b0dd5a8-36c1-4c40-8f0c-1c7f6a2f3d12", **fields}
    )

    assert (response.status_code, Evidence.objects.count()) == (422, 0)
    assert words in response.content.decode()


def test_hostile_file_is_refused_with_its_sentence_and_recorded(world, client_for):
    from django.core.files.uploadedfile import SimpleUploadedFile

    row = answer(make.opened_dossier(world), "KDC-1a")

    response = client_for(world.cast.head).post(
        reverse("evaluations:evidence-form", args=[row.pk]),
        {"once": "7b0dd5a8-36c1-4c40-8f0c-1c7f6a2f3d13", "attached": SimpleUploadedFile("bao-cao.pdf", b"MZ\x90", "application/pdf")},
    )

    assert response.status_code == 422
    assert "không đúng với đuôi tệp" in response.content.decode()
    assert list(AuditEvent.objects.filter(verb="upload.refuse").values_list("actor", "reason", "refused")) == [
        (world.cast.head.pk, "content", True)
    ]


def test_twenty_one_pieces_are_too_many(world):
    row = answer(make.opened_dossier(world), "KDC-1a")
    for number in range(20):
        evidences.add_evidence(row, held_on_paper=f"Tập {number}", actor=world.cast.head, at=world.at)

    with pytest.raises(DomainError, match="tối đa 20"):
        evidences.add_evidence(row, held_on_paper="Tập 20", actor=world.cast.head, at=world.at)


def test_dossier_holds_200_megabytes(world):
    dossier = make.opened_dossier(world)
    full, other = answer(dossier, "KDC-1a"), answer(dossier, "KDC-1b")
    large = make.stored_file(at=world.at, size=evidences.BYTES_PER_DOSSIER)
    held = Evidence.objects.create(answer=full, file=large, added_by=world.cast.head, added_at=world.at)

    with pytest.raises(DomainError, match="200 MB"):
        evidences.add_evidence(other, accepted=accepted(), actor=world.cast.head, at=world.at)
    evidences.remove_evidence(held, actor=world.cast.head, at=world.at)
    evidences.add_evidence(other, accepted=accepted(), actor=world.cast.head, at=world.at)

    assert other.evidence.count() == 1


def test_removed_evidence_stays_in_the_history_and_is_served_to_nobody(world, client_for):
    row = answer(make.opened_dossier(world), "KDC-1a")
    evidence = evidences.add_evidence(row, accepted=accepted(), actor=world.cast.head, at=world.at)
    client = client_for(world.cast.head)

    client.post(reverse("evaluations:evidence-remove", args=[evidence.pk]), {"once": "7b0dd5a8-36c1-4c40-8f0c-1c7f6a2f3d14"})

    evidence.refresh_from_db()
    assert evidence.removed_at is not None
    assert client.get(reverse("evaluations:evidence-file", args=[evidence.pk])).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [("head", 200), ("commune_officer", 200), ("auditor", 200), ("neighbour_officer", 404), ("school_head", 404), ("leader", 404)],
)
def test_download_is_scoped_attached_and_recorded(world, client_for, who, status):
    row = answer(make.opened_dossier(world), "KDC-1a")
    evidence = evidences.add_evidence(row, accepted=accepted(name="Kế hoạch.pdf"), actor=world.cast.head, at=world.at)

    response = client_for(getattr(world.cast, who)).get(reverse("evaluations:evidence-file", args=[evidence.pk]))

    assert response.status_code == status
    assert AuditEvent.objects.filter(verb="evidence.download").count() == (1 if status == 200 else 0)
    if status == 200:
        assert response["Content-Disposition"].startswith('attachment; filename="ke-hoach.pdf"')
        assert response["X-Content-Type-Options"] == "nosniff"


def test_evidence_about_days_outside_the_window_is_marked(world, client_for):
    from datetime import date

    row = answer(make.opened_dossier(world), "KDC-1a")
    evidences.add_evidence(row, accepted=accepted(), about_from=date(2020, 1, 1), actor=world.cast.head, at=world.at)

    html = client_for(world.cast.head).get(page_of(row)).content.decode()

    assert "Ngoài kỳ đánh giá" in html


def test_snapshots_are_kept(world):
    row = answer(make.opened_dossier(world, world.commune_unit), "XA-4a")

    for _turn in range(2):
        operations.take_snapshot(row, actor=world.cast.province_officer, at=world.at)

    assert SourceSnapshot.objects.filter(answer=row).count() == 2
