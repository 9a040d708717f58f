"""From complete answers to the receipt: the meeting, every reason against, submitting, withdrawing, on behalf, what a unit sees."""

import io
from datetime import timedelta

import pdfplumber
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from core import files, outbox
from core.models import AuditEvent, Notice, OutboxMessage, StoredFile
from core.transitions import DomainError, TransitionRefused
from evaluations import tasks
from evaluations.models import Dossier, Return, ReturnItem, SelfReview
from evaluations.operations import dossier as operations
from evaluations.operations.deadlines import send_deadline_notices
from evaluations.operations.dossier import AnswerInput
from evaluations.states import SUBMIT, WITHDRAW, DossierState
from evaluations.transitions.dossier import last_day, submit_dossier, withdraw_dossier
from movement.models import AssessmentWindow, Extension, Milestone, Registration
from tests import world as worlds
from tests.factories import evaluations as make

pytestmark = pytest.mark.django_db


def in_state(dossier: Dossier, state: str, world) -> Dossier:
    """The dossier as a row in a state, by its columns."""
    fields = {"state": state, "submitted_at": world.at, "submitted_by": world.cast.head}
    if state not in {DossierState.OPEN, DossierState.SUBMITTED}:
        fields |= {"received_at": world.at, "received_by": world.cast.commune_officer}
    if state in {DossierState.PROPOSED, DossierState.DECIDED}:
        fields["result"] = "met"
    Dossier.objects.filter(pk=dossier.pk).update(**fields)
    dossier.refresh_from_db()
    return dossier


def text_of(stored: StoredFile) -> str:
    with pdfplumber.open(io.BytesIO(files.read(stored))) as pdf:
        return "\n".join(page.extract_text() for page in pdf.pages)


def signed_in_again(client_for, user):
    """A client whose user has just given the password."""
    client = client_for(user)
    client.post(reverse("account_reauthenticate"), {"password": worlds.PASSWORD})
    return client


# ---------- Tables of states ----------


@pytest.mark.parametrize("state", DossierState.values)
@pytest.mark.parametrize("transition", [SUBMIT, WITHDRAW], ids=["submit", "withdraw"])
def test_every_state_by_every_transition(world, state, transition):
    dossier = in_state(make.ready_dossier(world), state, world)
    act = {SUBMIT: submit_dossier, WITHDRAW: withdraw_dossier}[transition]

    if state in transition.sources:
        assert act(dossier, actor=world.cast.head, at=world.at).state == transition.target
    else:
        with pytest.raises(TransitionRefused):
            act(dossier, actor=world.cast.head, at=world.at)


@pytest.mark.parametrize("who", ["officer", "commune_officer", "province_officer", "neighbour_officer", "school_head", "chair", "admin"])
def test_only_the_head_submits_and_withdraws(world, who):
    dossier = make.ready_dossier(world)

    with pytest.raises(PermissionDenied):
        submit_dossier(dossier, actor=getattr(world.cast, who), at=world.at)
    submit_dossier(dossier, actor=world.cast.head, at=world.at)
    with pytest.raises(PermissionDenied):
        withdraw_dossier(dossier, actor=getattr(world.cast, who), at=world.at)


# ---------- Submitting ----------


def test_submit_computes_the_result_and_freezes_a_receipt(world):
    dossier = submit_dossier(make.ready_dossier(world), actor=world.cast.head, at=world.at)

    said = text_of(dossier.receipt)
    assert (dossier.self_result, dossier.submitted_by, dossier.submitted_at) == ("met", world.cast.head, world.at)
    assert dossier.participation.code in said.replace("\u2060", "")
    assert "Đạt 14/14 nội dung" in said
    assert OutboxMessage.objects.filter(kind="dossier.submitted", payload={"dossier_id": dossier.pk}).count() == 1
    assert AuditEvent.objects.filter(verb="dossier.submit", refused=False).count() == 1


def test_one_unmet_question_makes_the_dossier_not_met(world):
    dossier = make.ready_dossier(world, KDC_3a={"count": 1})

    assert submit_dossier(dossier, actor=world.cast.head, at=world.at).self_result == "not_met"


def test_trend_without_last_year_is_submitted_undecided(world):
    dossier = make.ready_dossier(world, KDC_4a={"previous": None, "current": 2, "source": "Khu dân cư mới lập"})

    assert submit_dossier(dossier, actor=world.cast.head, at=world.at).self_result == ""


def spoil_registration(world, dossier):
    Registration.objects.filter(participation=dossier.participation_id).update(state="signed")


def spoil_deadline(world, dossier):
    Milestone.objects.filter(code="submission").update(due_on=world.at.date() - timedelta(days=2))


def spoil_answer(world, dossier):
    dossier.answers.filter(question__code="KDC-2").update(self_value={}, self_result="")


def spoil_evidence(world, dossier):
    dossier.answers.filter(question__code="KDC-1a").update(no_file_reason="")


def spoil_meeting(world, dossier):
    SelfReview.objects.all().delete()


def spoil_minutes(world, dossier):
    row = dossier.answers.get(question__code="KDC-2")
    operations.save_answers(dossier, answers={row.pk: AnswerInput({"yes": False}, version=row.version)}, actor=world.cast.head, at=world.at)


def spoil_eligibility(world, dossier):
    type(dossier.participation).objects.update(ineligible_citation="điểm b khoản 2 Điều 1")


def spoil_window(world, dossier):
    AssessmentWindow.objects.update(ends_on=world.at.date() + timedelta(days=3))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (spoil_registration, "chưa được tiếp nhận"),
        (spoil_deadline, "Đã hết hạn nộp"),
        (spoil_answer, "KDC-2"),
        (spoil_evidence, "KDC-1a"),
        (spoil_meeting, "Chưa có biên bản"),
        (spoil_minutes, "lập lại biên bản"),
        (spoil_eligibility, "không thuộc đối tượng"),
        (spoil_window, "Kỳ đánh giá chưa hết"),
    ],
)
def test_submit_is_refused_with_its_reason(world, spoil, words):
    dossier = make.ready_dossier(world)
    spoil(world, dossier)

    with pytest.raises(DomainError, match=words):
        submit_dossier(dossier, actor=world.cast.head, at=world.at)

    dossier.refresh_from_db()
    assert (dossier.state, dossier.receipt, OutboxMessage.objects.filter(kind="dossier.submitted").count()) == ("open", None, 0)


def test_draft_is_saved_after_the_last_day_and_an_extension_opens_again(world):
    dossier = make.ready_dossier(world)
    spoil_deadline(world, dossier)
    spoil_minutes(world, dossier)
    make.hold_meeting(dossier, actor=world.cast.head, at=world.at)
    Extension.objects.create(
        campaign=world.campaign,
        code="submission",
        participation=dossier.participation,
        due_on=world.at.date() + timedelta(days=1),
        reason="Mưa lũ",
    )

    assert submit_dossier(dossier, actor=world.cast.head, at=world.at).state == "submitted"


def test_before_the_window_ends_the_head_gives_a_word(world):
    dossier = make.ready_dossier(world)
    spoil_window(world, dossier)

    submitted = submit_dossier(dossier, actor=world.cast.head, at=world.at, nothing_will_change=True)

    assert (submitted.state, submitted.confirmed_until_window_end) == ("submitted", True)


def test_withdrawn_dossier_is_open_again_and_may_be_submitted_again(world):
    dossier = submit_dossier(make.ready_dossier(world), actor=world.cast.head, at=world.at)

    withdrawn = withdraw_dossier(dossier, actor=world.cast.head, at=world.at)

    assert (withdrawn.submitted_at, withdrawn.receipt, withdrawn.self_result) == (None, None, "")
    assert submit_dossier(withdrawn, actor=world.cast.head, at=world.at).state == "submitted"


def test_after_the_last_day_nothing_is_withdrawn(world):
    dossier = submit_dossier(make.ready_dossier(world), actor=world.cast.head, at=world.at)
    spoil_deadline(world, dossier)

    with pytest.raises(DomainError, match="không nộp lại được"):
        withdraw_dossier(dossier, actor=world.cast.head, at=world.at)


# ---------- After a return ----------


def returned(world, *, days: int = 20, wants_new_meeting: bool = False) -> Dossier:
    dossier = in_state(make.ready_dossier(world), DossierState.RETURNED, world)
    row = dossier.answers.get(question__code="KDC-2")
    made = Return.objects.create(
        dossier=dossier,
        number=1,
        reason="Thiếu căn cứ",
        due_on=world.at.date() + timedelta(days=days),
        wants_new_meeting=wants_new_meeting,
        returned_by=world.cast.commune_officer,
        returned_at=world.at,
    )
    ReturnItem.objects.create(of_return=made, answer=row, note="Nêu rõ kết quả phối hợp.")
    dossier.answers.exclude(pk=row.pk).update(is_unlocked=False)
    Dossier.objects.filter(pk=dossier.pk).update(return_count=1)
    dossier.refresh_from_db()
    return dossier


@pytest.mark.parametrize("days", [1, 20])
def test_return_has_its_own_last_day(days, world):
    """Earlier or later than the calendar's: the day of the return takes its place (ruling 12)."""
    assert last_day(returned(world, days=days)) == world.at.date() + timedelta(days=days)


def test_reminder_of_a_return_follows_its_own_day(world):
    returned(world, days=3)

    send_deadline_notices(at=world.at)

    day = world.at.date() + timedelta(days=3)
    assert [f"{day:%d/%m/%Y}" in notice.text for notice in Notice.objects.filter(user=world.cast.head)] == [True]


def test_return_shows_its_notes_and_opens_only_its_questions(world, client_for):
    dossier = returned(world)
    client = client_for(world.cast.head)
    group = dossier.answers.get(question__code="KDC-2").question.criterion.parent_id
    other = dossier.answers.get(question__code="KDC-3a").question.criterion.parent_id

    page = client.get(reverse("evaluations:dossier-group", args=[dossier.pk, group])).content.decode()
    closed = client.get(reverse("evaluations:dossier-group", args=[dossier.pk, other])).content.decode()

    assert "Nêu rõ kết quả phối hợp." in page
    assert "hx-post" in page
    assert "hx-post" not in closed


def test_minutes_stay_valid_after_a_return(world):
    dossier = returned(world)
    spoil_minutes(world, dossier)

    assert submit_dossier(dossier, actor=world.cast.head, at=world.at).state == "submitted"


def test_return_may_ask_for_a_new_meeting(world):
    dossier = returned(world, wants_new_meeting=True)

    with pytest.raises(DomainError, match="họp lại"):
        submit_dossier(dossier, actor=world.cast.head, at=world.at)
    later = world.at + timedelta(hours=5)
    make.hold_meeting(dossier, actor=world.cast.head, at=later)

    assert submit_dossier(dossier, actor=world.cast.head, at=later).state == "submitted"


# ---------- The meeting ----------


def test_minutes_say_who_met_and_what_came_out(world):
    dossier = make.ready_dossier(world, KDC_3a={"count": 1})

    said = text_of(dossier.self_review.minutes)

    assert all(words in said for words in ("Lò Văn Chi", "Bí thư chi bộ", "Nhà văn hóa bản", "CHƯA ĐẠT"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"participants": []}, "ít nhất một người"),
        ({"place": "TUYỆT MẬT"}, "bí mật nhà nước"),
    ],
)
def test_meeting_is_refused(world, changes, words):
    dossier = make.opened_dossier(world)
    make.answer_all(dossier, actor=world.cast.head, at=world.at)

    with pytest.raises(DomainError, match=words):
        make.hold_meeting(dossier, actor=world.cast.head, at=world.at, **changes)


def test_meeting_waits_for_all_answers_and_lies_in_the_past(world):
    dossier = make.opened_dossier(world)

    with pytest.raises(DomainError, match="chưa trả lời"):
        make.hold_meeting(dossier, actor=world.cast.head, at=world.at)
    make.answer_all(dossier, actor=world.cast.head, at=world.at)
    with pytest.raises(DomainError, match="không muộn hơn bây giờ"):
        make.hold_meeting(dossier, actor=world.cast.head, at=world.at, ended_at=world.at + timedelta(hours=1))


MEETING = {
    "held_on": "01/03/2026",
    "starts_at": "19h30",
    "ends_at": "21:00",
    "place": "Nhà văn hóa",
    "chair": "Quàng Văn Đon, Trưởng bản",
    "secretary": "Tòng Thị Lả, Phó bản",
    "nguoi-TOTAL_FORMS": "3",
    "nguoi-INITIAL_FORMS": "0",
    "nguoi-0-name": "Lò Văn Chi",
    "nguoi-0-post": "Bí thư chi bộ",
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"held_on": "2026"}, "30/11/2026"),
        ({"starts_at": "tối"}, "19:30"),
        ({"ends_at": "18:00"}, "Phải sau giờ bắt đầu"),
        ({"held_on": "01/03/2190"}, "diễn ra rồi"),
        ({"nguoi-0-name": "", "nguoi-0-post": ""}, "ít nhất một người dự họp"),
        ({"nguoi-0-post": ""}, "Ghi chức vụ"),
        ({"nguoi-1-post": "Bí thư"}, "Ghi họ và tên"),
        ({"opinions": "ĐỘ MẬT: Mật"}, "bí mật nhà nước"),
    ],
)
def test_meeting_form_refuses(world, client_for, changes, words):
    dossier = make.opened_dossier(world)
    make.answer_all(dossier, actor=world.cast.head, at=world.at)

    response = client_for(world.cast.head).post(
        reverse("evaluations:self-review", args=[dossier.pk]), {"once": "7b0dd5a8-36c1-4c40-8f0c-1c7f6a2f3d20", **MEETING, **changes}
    )

    assert (response.status_code, SelfReview.objects.count()) == (422, 0)
    assert words in response.content.decode()


def test_meeting_form_makes_minutes(world, client_for):
    dossier = make.opened_dossier(world)
    make.answer_all(dossier, actor=world.cast.head, at=world.at)

    response = client_for(world.cast.head).post(
        reverse("evaluations:self-review", args=[dossier.pk]), {"once": "7b0dd5a8-36c1-4c40-8f0c-1c7f6a2f3d21", **MEETING}
    )

    review = SelfReview.objects.get()
    assert response.status_code == 302
    assert (review.participants, review.minutes is not None) == ([{"name": "Lò Văn Chi", "post": "Bí thư chi bộ"}], True)


# ---------- Through the pages ----------


def test_submit_page_asks_for_the_password_first(world, client_for):
    dossier = make.ready_dossier(world)

    response = client_for(world.cast.head).post(
        reverse("evaluations:dossier-submit", args=[dossier.pk]), {"once": "7b0dd5a8-36c1-4c40-8f0c-1c7f6a2f3d30", "sworn": "on"}
    )

    dossier.refresh_from_db()
    assert response["Location"].startswith(reverse("account_reauthenticate"))
    assert dossier.state == "open"


def test_password_given_the_dossier_is_submitted_and_confirmed(world, client_for):
    dossier = make.ready_dossier(world)
    client = client_for(world.cast.head)
    asked = client.post(
        reverse("evaluations:dossier-submit", args=[dossier.pk]), {"once": "7b0dd5a8-36c1-4c40-8f0c-1c7f6a2f3d31", "sworn": "on"}
    )

    response = client.post(asked["Location"], {"password": worlds.PASSWORD}, follow=True)

    dossier.refresh_from_db()
    html = response.content.decode()
    assert dossier.state == "submitted"
    assert dossier.participation.code in html
    assert "Việc tiếp theo" in html


def test_same_form_twice_is_one_receipt(world, client_for):
    dossier = make.ready_dossier(world)
    client = signed_in_again(client_for, world.cast.head)
    form = {"once": "7b0dd5a8-36c1-4c40-8f0c-1c7f6a2f3d32", "sworn": "on"}

    answers = [client.post(reverse("evaluations:dossier-submit", args=[dossier.pk]), form) for _turn in range(2)]

    assert [answer["Location"] for answer in answers] == [reverse("evaluations:dossier-submitted", args=[dossier.pk])] * 2
    assert StoredFile.objects.filter(purpose="receipt").count() == 1


def test_word_of_the_head_is_required(world, client_for):
    dossier = make.ready_dossier(world)
    client = signed_in_again(client_for, world.cast.head)

    response = client.post(reverse("evaluations:dossier-submit", args=[dossier.pk]), {"once": "7b0dd5a8-36c1-4c40-8f0c-1c7f6a2f3d33"})

    assert response.status_code == 422
    assert "Hãy đánh dấu lời cam đoan" in response.content.decode()


@pytest.mark.parametrize("state", ["received", "proposed", "decided"])
def test_unit_sees_that_it_is_being_considered_and_nothing_else(world, client_for, state):
    dossier = in_state(make.ready_dossier(world), state, world)
    dossier.answers.update(appraised_result="not_met", appraised_reason="LÝ DO THẨM ĐỊNH")

    pages = [
        client_for(world.cast.head).get(url).content.decode()
        for url in [
            reverse("evaluations:dossier-detail", args=[dossier.pk]),
            *[reverse("evaluations:dossier-group", args=[dossier.pk, group]) for group in groups_of(dossier)],
        ]
    ]

    assert "Đang xem xét" in pages[0]
    assert not [page for page in pages if "LÝ DO THẨM ĐỊNH" in page or "đề xuất" in page]


def groups_of(dossier: Dossier) -> list[int]:
    return list(dict.fromkeys(row.question.criterion.parent_id for row in operations.answers_of(dossier)))


PAGES = ["dossier-detail", "dossier-check", "self-review", "self-review-file", "receipt-file", "dossier-submitted"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["neighbour_officer", "school_head", "admin", "leader", "nobody", "member_one"])
def test_dossier_does_not_exist_for_others(world, client_for, name, who):
    dossier = submit_dossier(make.ready_dossier(world), actor=world.cast.head, at=world.at)

    assert client_for(getattr(world.cast, who)).get(reverse(f"evaluations:{name}", args=[dossier.pk])).status_code == 404


def test_reading_by_an_officer_is_recorded_by_the_unit_not(world, client_for):
    dossier = make.opened_dossier(world)
    url = reverse("evaluations:dossier-detail", args=[dossier.pk])

    client_for(world.cast.head).get(url)
    client_for(world.cast.auditor).get(url)

    assert list(AuditEvent.objects.filter(verb="dossier.view").values_list("actor", flat=True)) == [world.cast.auditor.pk]


@pytest.mark.parametrize("evidence", [1, 3])
def test_pages_take_a_fixed_number_of_queries(world, client_for, django_assert_max_num_queries, evidence):
    from evaluations.operations.evidence import add_evidence

    dossier = make.ready_dossier(world)
    for row in dossier.answers.select_related("question")[:evidence]:
        add_evidence(row, held_on_paper="Tủ", actor=world.cast.head, at=world.at)
    client = client_for(world.cast.head)

    for url in (
        reverse("evaluations:dossier-detail", args=[dossier.pk]),
        reverse("evaluations:dossier-group", args=[dossier.pk, groups_of(dossier)[2]]),
        reverse("evaluations:dossier-group", args=[dossier.pk, groups_of(dossier)[0]]),
    ):
        client.get(url)
        with django_assert_max_num_queries(15):
            client.get(url)


# ---------- On behalf ----------


def test_commune_writes_for_a_unit_and_submits_with_the_signed_paper(world):
    officer = world.cast.commune_officer
    dossier = operations.keep_on_behalf(make.opened_dossier(world), actor=officer, at=world.at, reason="Trưởng bản không có điện thoại")
    make.answer_all(dossier, actor=officer, at=world.at)
    make.hold_meeting(dossier, actor=officer, at=world.at)

    with pytest.raises(DomainError, match="bản scan giấy đã ký"):
        submit_dossier(dossier, actor=officer, at=world.at)
    submitted = submit_dossier(dossier, actor=officer, at=world.at, signed_paper=make.stored_file(at=world.at))

    assert (submitted.state, submitted.scribe, submitted.submitted_by) == ("submitted", officer, officer)


def test_one_officer_keeps_a_dossier(world):
    dossier = operations.keep_on_behalf(make.opened_dossier(world), actor=world.cast.commune_officer, at=world.at, reason="Không có mạng")
    row = dossier.answers.get(question__code="KDC-2")

    with pytest.raises(DomainError, match="Lò Văn Thịnh"):
        operations.keep_on_behalf(dossier, actor=world.cast.commune_officer_two, at=world.at, reason="Tôi làm tiếp")
    with pytest.raises(DomainError, match="Lò Văn Thịnh"):
        operations.save_answers(dossier, answers={row.pk: AnswerInput({"yes": True})}, actor=world.cast.commune_officer_two, at=world.at)


@pytest.mark.parametrize("who", ["head", "neighbour_officer", "province_officer", "chair"])
def test_who_may_not_write_on_behalf(world, who):
    with pytest.raises(PermissionDenied):
        operations.keep_on_behalf(make.opened_dossier(world), actor=getattr(world.cast, who), at=world.at, reason="x")


def test_on_behalf_wants_a_reason_and_an_open_dossier(world):
    dossier = make.ready_dossier(world)

    with pytest.raises(DomainError, match="lý do"):
        operations.keep_on_behalf(dossier, actor=world.cast.commune_officer, at=world.at, reason=" ")
    with pytest.raises(DomainError, match="chỉ cần khi xã nhập thay"):
        operations.attach_signed_paper(dossier, file=make.stored_file(at=world.at), actor=world.cast.head, at=world.at)
    submit_dossier(dossier, actor=world.cast.head, at=world.at)
    with pytest.raises(TransitionRefused):
        operations.keep_on_behalf(dossier, actor=world.cast.commune_officer, at=world.at, reason="x")


def test_scan_is_uploaded_on_its_page(world, client_for):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = client_for(world.cast.commune_officer)
    dossier = make.opened_dossier(world)
    client.post(
        reverse("evaluations:dossier-on-behalf", args=[dossier.pk]),
        {"once": "7b0dd5a8-36c1-4c40-8f0c-1c7f6a2f3d40", "reason": "Không có mạng"},
    )

    response = client.post(
        reverse("evaluations:signed-paper", args=[dossier.pk]),
        {"once": "7b0dd5a8-36c1-4c40-8f0c-1c7f6a2f3d41", "file": SimpleUploadedFile("giay.png", make.png(), "image/png")},
    )

    dossier.refresh_from_db()
    assert (response.status_code, dossier.on_behalf, dossier.signed_paper.name) == (302, True, "giay.png")


# ---------- Outbox and clock ----------


def test_received_registration_opens_the_dossier(world):
    make.received_registration(world, world.school)
    outbox.add("registration.received", participation_id=world.participation(world.school).pk)

    outbox.sweep()

    assert Dossier.objects.get().participation.unit == world.school


def test_submission_tells_the_standing_office_and_the_unit_once(world):
    dossier = submit_dossier(make.ready_dossier(world), actor=world.cast.head, at=world.at)

    for _turn in range(2):
        tasks.tell_submitted(dossier_id=dossier.pk)

    told = Notice.objects.filter(key__startswith="dossier.submitted").values_list("user__username", flat=True)
    assert sorted(told) == ["ban.canbo", "ban.truong", "xa.canbo", "xa.canbo2"]


@pytest.mark.parametrize(("days", "told"), [(8, 0), (7, 2), (5, 2), (3, 2), (1, 2), (0, 2), (-1, 0)])
def test_deadline_notices_by_days_left(world, days, told):
    make.opened_dossier(world)
    Milestone.objects.filter(code="submission").update(due_on=local_day(world) + timedelta(days=days))

    assert send_deadline_notices(at=world.at) == told


def local_day(world):
    from core.clock import local_date

    return local_date(world.at)


def test_deadline_notices_come_once_per_step(world):
    make.opened_dossier(world)
    due = local_day(world) + timedelta(days=7)
    Milestone.objects.filter(code="submission").update(due_on=due)

    told = [send_deadline_notices(at=world.at + timedelta(days=day)) for day in (0, 0, 1, 4, 5, 6, 7)]

    assert told == [2, 0, 0, 2, 0, 2, 0]


def test_submitted_dossier_is_not_reminded(world):
    submit_dossier(make.ready_dossier(world), actor=world.cast.head, at=world.at)
    Milestone.objects.filter(code="submission").update(due_on=local_day(world) + timedelta(days=1))

    assert send_deadline_notices(at=world.at) == 0
