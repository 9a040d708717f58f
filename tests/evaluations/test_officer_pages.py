"""Pages of the officers' side through the client: what they show, what they refuse, how many queries they take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from core import clock, outbox
from core.models import AuditEvent
from evaluations.models import (
    Answer,
    Certificate,
    CommitteeSession,
    Conflict,
    Decision,
    Dossier,
    Evidence,
    Recognition,
    Reprint,
    Return,
    Vote,
)
from evaluations.operations import decision as decisions
from evaluations.operations.appraisal import fingerprint
from evaluations.states import DossierState
from tests.factories import appraisals as make
from tests.world import PASSWORD, World, make_participation, make_unit
from units.models import User
from units.roles import UnitKind

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


def once(**data: object) -> dict[str, object]:
    return {"once": str(uuid4())} | data


def whole_form(answers: list[Answer], **changes: object) -> dict[str, object]:
    """What the appraisal page posts when nothing but ``changes`` was touched."""
    data: dict[str, object] = {}
    for answer in answers:
        data |= {
            f"r-{answer.pk}": answer.appraised_result,
            f"l-{answer.pk}": answer.appraised_reason,
            f"b-{answer.pk}": fingerprint(answer.appraised_result, answer.appraised_reason),
        }
    return data | changes


# ---------- The queue ----------


@pytest.mark.parametrize("rows", [1, 3])
def test_dossier_list_query_count(rows: int, world: World, client_for: ClientFor, django_assert_max_num_queries: Callable) -> None:
    for number in range(rows):
        unit = make_unit(UnitKind.RESIDENTIAL_AREA, f"Bản Thử {number}", world.commune)
        make_participation(world.campaign, unit, world.commune, world.commune_authority, world.at)
        make.dossier_of(world, unit, DossierState.SUBMITTED)
    client = client_for(world.cast.commune_officer)

    with django_assert_max_num_queries(14):
        response = client.get(reverse("evaluations:dossier-list"))

    assert len(response.context["rows"]) == rows


def test_dossier_list_shows_the_own_area_and_counts_what_it_shows(world: World, client_for: ClientFor) -> None:
    make.dossier_of(world, world.residential_area, DossierState.SUBMITTED)
    make.dossier_of(world, world.neighbour_residential_area, DossierState.SUBMITTED)

    page = client_for(world.cast.commune_officer).get(reverse("evaluations:dossier-list"))

    assert [row.dossier.participation.name for row in page.context["rows"]] == ["Bản Nà Đon"]
    assert {code: count for code, _label, count in page.context["queues"]}["cho-tiep-nhan"] == 1


def test_dossier_list_counts_what_is_overdue(world: World, client_for: ClientFor) -> None:
    make.dossier_of(world, world.residential_area, DossierState.SUBMITTED)
    make.dossier_of(world, world.agency, DossierState.PROPOSED)
    world.campaign.milestones.filter(code="appraisal").update(due_on=clock.today() - timedelta(days=1))
    client = client_for(world.cast.commune_officer)

    assert client.get(reverse("evaluations:dossier-list")).context["overdue"] == 1
    rows = client.get(reverse("evaluations:dossier-list") + "?qua-han=1").context["rows"]
    assert [row.dossier.participation.name for row in rows] == ["Bản Nà Đon"]


@pytest.mark.parametrize("who", ["head", "leader", "admin", "nobody"])
def test_dossier_list_is_for_officers(who: str, world: World, client_for: ClientFor) -> None:
    assert client_for(getattr(world.cast, who)).get(reverse("evaluations:dossier-list")).status_code == 403


# ---------- Appraisal ----------


def test_appraisal_page_is_audited_and_hidden_from_others(world: World, client_for: ClientFor) -> None:
    dossier = make.dossier_of(world, world.residential_area)
    url = reverse("evaluations:appraisal", args=[dossier.pk])

    assert client_for(world.cast.commune_officer).get(url).status_code == 200
    assert AuditEvent.objects.filter(verb="dossier.view", target_id=dossier.pk, actor=world.cast.commune_officer).count() == 1
    assert client_for(world.cast.neighbour_officer).get(url).status_code == 404
    assert client_for(world.cast.member_one).get(url).status_code == 404
    assert client_for(world.cast.head).get(url).status_code == 403


def test_appraisal_saves_by_button_and_by_itself(world: World, client_for: ClientFor) -> None:
    dossier = make.dossier_of(world, world.residential_area)
    first, second, *rest = answers = list(dossier.answers.order_by("question__position"))
    client = client_for(world.cast.commune_officer)
    url = reverse("evaluations:appraisal", args=[dossier.pk])

    saved = client.post(url, whole_form(answers, **{f"r-{first.pk}": "met"}), headers={"HX-Request": "true"})
    refused = client.post(url, whole_form(answers, **{f"r-{second.pk}": "not_met"}))
    kept = client.post(url, whole_form(answers, **{f"r-{second.pk}": "not_met", f"l-{second.pk}": "Thiếu kế hoạch"}))

    assert f"1/{len(answers)}" in saved.content.decode()
    assert refused.status_code == 422
    assert kept.status_code == 302
    assert list(dossier.answers.exclude(appraised_result="").values_list("appraised_result", "appraised_reason")) == [
        ("met", ""),
        ("not_met", "Thiếu kế hoạch"),
    ]
    assert not dossier.answers.filter(pk__in=[answer.pk for answer in rest]).exclude(appraised_result="").exists()


def test_appraisal_of_two_officers_loses_nothing(world: World, client_for: ClientFor) -> None:
    dossier = make.dossier_of(world, world.residential_area)
    first, second, *_rest = answers = list(dossier.answers.order_by("question__position"))
    one, two = client_for(world.cast.commune_officer), client_for(world.cast.commune_officer_two)
    url = reverse("evaluations:appraisal", args=[dossier.pk])
    page = {**whole_form(answers)}  # both officers loaded the untouched page

    one.post(url, page | {f"r-{first.pk}": "not_met", f"l-{first.pk}": "Thiếu chữ ký"})
    answer = two.post(url, page | {f"r-{first.pk}": "met", f"r-{second.pk}": "met"})

    both = dossier.answers.filter(pk__in=[first.pk, second.pk]).order_by("question__position")
    assert list(both.values_list("appraised_result", flat=True)) == ["not_met", "met"]
    assert "Lò Văn Thịnh vừa ghi" in answer.content.decode()


def test_return_takes_the_ticked_questions(world: World, client_for: ClientFor) -> None:
    dossier = make.dossier_of(world, world.residential_area)
    first, *_rest = answers = list(dossier.answers.order_by("question__position"))
    client = client_for(world.cast.commune_officer)
    page = reverse("evaluations:appraisal", args=[dossier.pk])

    to_form = client.post(page, whole_form(answers, act="return", **{f"t-{first.pk}": "on", f"n-{first.pk}": "Bổ sung chữ ký"}))
    form = client.get(to_form.url)
    due_on = clock.today() + timedelta(days=3)
    done = client.post(to_form.url, once(**{f"n-{first.pk}": "Bổ sung chữ ký", "reason": "Thiếu chữ ký", "due_on": f"{due_on:%d/%m/%Y}"}))

    assert to_form.url == reverse("evaluations:dossier-return", args=[dossier.pk])
    assert "Bổ sung chữ ký" in form.content.decode()
    assert done.status_code == 302
    made = Return.objects.get()
    assert (made.due_on, made.items.get().answer, made.items.get().note) == (due_on, first, "Bổ sung chữ ký")


def test_return_refuses_a_past_day_and_an_empty_reason(world: World, client_for: ClientFor) -> None:
    dossier = make.dossier_of(world, world.residential_area)
    first, *_rest = answers = list(dossier.answers.all())
    client = client_for(world.cast.commune_officer)
    client.post(reverse("evaluations:appraisal", args=[dossier.pk]), whole_form(answers, act="return", **{f"t-{first.pk}": "on"}))

    page = client.post(reverse("evaluations:dossier-return", args=[dossier.pk]), once(due_on="01/01/2020"))

    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"due_on", "reason", f"n-{first.pk}"}
    assert Return.objects.count() == 0


def test_propose_page_shows_what_decides_and_proposes(world: World, client_for: ClientFor) -> None:
    dossier = make.dossier_of(world, world.residential_area)
    dossier.answers.update(appraised_result="met", appraised_by=world.cast.commune_officer, appraised_at=world.at)
    first = dossier.answers.first()
    dossier.answers.filter(pk=first.pk).update(appraised_result="not_met", appraised_reason="Xảy ra cháy")
    client = client_for(world.cast.commune_officer)
    url = reverse("evaluations:dossier-propose", args=[dossier.pk])

    page = client.get(url)
    client.post(url, once(note=""))

    assert [each.code for each in page.context["judgement"].deciding] == [first.question.code]
    dossier.refresh_from_db()
    assert (dossier.state, dossier.result) == ("proposed", "not_met")


def test_receive_by_button_once(world: World, client_for: ClientFor) -> None:
    dossier = make.dossier_of(world, world.residential_area, DossierState.SUBMITTED)
    client, url = client_for(world.cast.commune_officer), reverse("evaluations:dossier-receive", args=[dossier.pk])
    form = once()

    client.post(url, form)
    client.post(url, form)

    assert AuditEvent.objects.filter(verb="dossier.receive", refused=False).count() == 1


# ---------- Sessions ----------


def test_session_pages_from_plan_to_minutes(world: World, client_for: ClientFor) -> None:
    dossier = make.dossier_of(world, world.residential_area, DossierState.PROPOSED)
    keeper, chair = client_for(world.cast.commune_officer), client_for(world.cast.chair)

    plan = keeper.post(
        reverse("evaluations:session-plan"),
        once(
            committee=world.committee.pk, campaign=world.campaign.pk, mode="meeting", held_on="12/11/2026", held_time="14:00",
            place="Phòng họp số 1", secretary="Trần Thư Ký",
        ),
    )  # fmt: skip
    session = CommitteeSession.objects.get()
    assert plan.url == reverse("evaluations:session-agenda", args=[session.pk])
    assert keeper.get(plan.url).context["form"].initial["dossiers"] == [dossier.pk]
    keeper.post(plan.url, once(dossiers=[dossier.pk]))
    members = list(session.attendances.values_list("member", flat=True))
    assert keeper.get(reverse("evaluations:session-attendance", args=[session.pk])).status_code == 200
    keeper.post(reverse("evaluations:session-attendance", args=[session.pk]), once(members=members))
    keeper.post(reverse("evaluations:session-open", args=[session.pk]), once())
    item = session.items.get()
    for user in (world.cast.chair, world.cast.member_one, world.cast.member_two):
        client = client_for(user)
        assert "Phiếu của tôi" in client.get(reverse("evaluations:session-detail", args=[session.pk])).content.decode()
        client.post(reverse("evaluations:item-vote", args=[item.pk]), once(choice="met"))
    chair.post(reverse("evaluations:item-close", args=[item.pk]), once())
    chair.post(reverse("evaluations:session-close", args=[session.pk]), once())
    minutes = keeper.get(reverse("evaluations:session-minutes", args=[session.pk]))
    keeper.post(reverse("evaluations:decision-draft", args=[session.pk]), once())

    session.refresh_from_db()
    assert (session.state, minutes["Content-Type"], Decision.objects.count()) == ("closed", "application/pdf", 1)
    assert keeper.get(reverse("evaluations:session-list")).context["rows"][0][0] == session


def test_session_detail_shows_nobody_elses_ballot_while_voting(world: World, client_for: ClientFor) -> None:
    dossier = make.dossier_of(world, world.residential_area, DossierState.PROPOSED)
    session = make.session_of(world, [dossier], opened=True)
    make.vote(world, session.items.get(), "not_met", [world.cast.member_one])  # writes “Chưa đủ điều kiện”
    url = reverse("evaluations:session-detail", args=[session.pk])

    for user in (world.cast.commune_officer, world.cast.chair, world.cast.member_two):
        page = client_for(user).get(url)
        assert (page.context["item"]["cast"], page.context["item"]["tally"], page.context["item"]["vote"]) == (1, None, None)
        assert "Chưa đủ điều kiện" not in page.content.decode()
    assert "Chưa đủ điều kiện" in client_for(world.cast.member_one).get(url).content.decode()


def test_vote_without_an_opinion_on_a_no_is_refused(world: World, client_for: ClientFor) -> None:
    session = make.session_of(world, [make.dossier_of(world, world.residential_area, DossierState.PROPOSED)], opened=True)

    page = client_for(world.cast.member_one).post(reverse("evaluations:item-vote", args=[session.items.get().pk]), once(choice="not_met"))

    assert (page.status_code, Vote.objects.count()) == (422, 0)


def test_conflicted_member_cannot_open_the_dossier(world: World, client_for: ClientFor) -> None:
    dossier = make.dossier_of(world, world.residential_area, DossierState.PROPOSED)
    session = make.session_of(world, [dossier], opened=True)
    member, item = client_for(world.cast.member_one), session.items.get()
    dossier_url = reverse("evaluations:appraisal", args=[dossier.pk])
    assert member.get(dossier_url).status_code == 200

    seat = session.attendances.get(member__user=world.cast.member_one).member
    member.post(reverse("evaluations:item-conflict", args=[item.pk]), once(member=seat.pk, ground="Là anh ruột của Trưởng bản"))
    page = member.get(reverse("evaluations:session-detail", args=[session.pk]))

    assert Conflict.objects.get().member == seat
    assert member.get(dossier_url).status_code == 404
    assert (page.context["item"]["ballot"], page.context["item"]["scores"], page.context["item"]["dossier_url"]) == (None, None, "")


def test_item_that_nobody_may_judge_says_who_must(world: World, client_for: ClientFor) -> None:
    session = make.session_of(world, [make.dossier_of(world, world.residential_area, DossierState.PROPOSED)], opened=True)
    for seat in session.attendances.all():
        Conflict.objects.create(session=session, member=seat.member, unit=world.residential_area, ground="Họ hàng")

    page = client_for(world.cast.chair).get(reverse("evaluations:session-detail", args=[session.pk]))

    assert ("Ban Chỉ đạo cấp trên trực tiếp" in page.content.decode(), page.context["item"]["may_close"]) == (True, False)


def test_member_declares_only_the_own_conflict(world: World, client_for: ClientFor) -> None:
    session = make.session_of(world, [make.dossier_of(world, world.residential_area, DossierState.PROPOSED)], opened=True)
    other = session.attendances.get(member__user=world.cast.member_two).member

    page = client_for(world.cast.member_one).post(
        reverse("evaluations:item-conflict", args=[session.items.get().pk]), once(member=other.pk, ground="Họ hàng")
    )

    assert (page.status_code, Conflict.objects.count()) == (422, 0)


# ---------- Queries ----------


def three_dossiers(world: World, rows: int) -> list[Dossier]:
    submitters = {world.residential_area: world.cast.head, world.agency: world.cast.agency_head, world.school: world.cast.school_head}
    return [make.dossier_of(world, unit, DossierState.PROPOSED, submitter=who) for unit, who in list(submitters.items())[:rows]]


@pytest.mark.parametrize("who", ["member_one", "chair", "commune_officer"])
@pytest.mark.parametrize("rows", [1, 3])
def test_session_detail_query_count(
    rows: int, who: str, world: World, client_for: ClientFor, django_assert_max_num_queries: Callable
) -> None:
    session = make.session_of(world, three_dossiers(world, rows), opened=True)
    make.vote(world, session.items.first(), "met", [world.cast.member_one])
    client = client_for(getattr(world.cast, who))

    with django_assert_max_num_queries(15):
        page = client.get(reverse("evaluations:session-detail", args=[session.pk]))

    assert len(page.context["items"]) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_closed_session_query_count(rows: int, world: World, client_for: ClientFor, django_assert_max_num_queries: Callable) -> None:
    session = make.closed_session(world, dict.fromkeys(three_dossiers(world, rows), "met"))
    client = client_for(world.cast.commune_officer)

    with django_assert_max_num_queries(15):
        page = client.get(reverse("evaluations:session-detail", args=[session.pk]))

    assert page.context["done_count"] == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_of_sessions_and_decisions_query_count(
    rows: int, world: World, client_for: ClientFor, django_assert_max_num_queries: Callable
) -> None:
    for dossier in three_dossiers(world, rows):
        session = make.closed_session(world, {dossier: "met"})
        decisions.draft_decision(session, actor=world.cast.commune_officer, at=world.at)
    client = client_for(world.cast.chair)

    for name in ("evaluations:session-list", "evaluations:decision-list"):
        with django_assert_max_num_queries(15):
            page = client.get(reverse(name))
        assert len(page.context["rows"]) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_decision_detail_query_count(rows: int, world: World, client_for: ClientFor, django_assert_max_num_queries: Callable) -> None:
    decision = make.approved_decision(world, dict.fromkeys(three_dossiers(world, rows), "met"))
    make.run_job(decision.job)
    client = client_for(world.cast.chair)

    with django_assert_max_num_queries(15):
        page = client.get(reverse("evaluations:decision-detail", args=[decision.pk]))

    assert len(page.context["rows"]) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_appraisal_query_count(rows: int, world: World, client_for: ClientFor, django_assert_max_num_queries: Callable) -> None:
    """The page holds every question of a checklist; evidence on more of them asks for no more."""
    dossier = make.dossier_of(world, world.residential_area)
    for answer in dossier.answers.order_by("pk")[:rows]:
        Evidence.objects.create(answer=answer, held_on_paper="Sổ họp dân", added_by=world.cast.head, added_at=world.at)
    client = client_for(world.cast.commune_officer)

    with django_assert_max_num_queries(15):
        page = client.get(reverse("evaluations:appraisal", args=[dossier.pk]))

    assert page.status_code == 200


# ---------- Decisions ----------


def test_decision_pages_from_draft_to_certificate(world: World, client_for: ClientFor) -> None:
    session = make.closed_session(world, {
        make.dossier_of(world, world.residential_area, DossierState.PROPOSED): "met",
        make.dossier_of(world, world.agency, DossierState.PROPOSED, result="not_met", submitter=world.cast.agency_head): "not_met",
    })  # fmt: skip
    keeper, chair, head = (client_for(user) for user in (world.cast.commune_officer, world.cast.chair, world.cast.head))
    keeper.post(reverse("evaluations:decision-draft", args=[session.pk]), once())
    decision = Decision.objects.get()
    detail = reverse("evaluations:decision-detail", args=[decision.pk])
    assert keeper.get(detail).context["waits_for_chair"]
    assert chair.get(reverse("evaluations:decision-preview", args=[decision.pk]))["Content-Type"] == "application/pdf"
    approve = reverse("evaluations:decision-approve", args=[decision.pk])
    assert (keeper.get(approve).status_code, head.get(detail).status_code) == (403, 404)
    signer = world.commune_authority.signatories.get()
    assert chair.get(approve).status_code == 200
    data = once(signatory=signer.pk, issued_on=f"{clock.today():%d/%m/%Y}", letter="Tờ trình số 12/TTr-CAX", password=PASSWORD)
    chair.post(approve, data)
    decision.refresh_from_db()
    make.run_job(decision.job)
    certificate, notice = Certificate.objects.get(), Recognition.objects.get(result="not_met")

    assert chair.get(detail).context["release_form"]
    assert head.get(reverse("evaluations:certificate-file", args=[certificate.pk])).status_code == 404
    chair.post(reverse("evaluations:decision-release", args=[decision.pk]), once(password=PASSWORD))
    outbox.sweep()

    assert head.get(reverse("evaluations:certificate-file", args=[certificate.pk]))["Content-Type"] == "application/pdf"
    assert head.get(reverse("evaluations:notice-file", args=[notice.pk])).status_code == 404
    assert client_for(world.cast.agency_head).get(reverse("evaluations:notice-file", args=[notice.pk]))["Content-Type"] == "application/pdf"
    assert [line["row"].unit_name for line in head.get(detail).context["rows"]] == ["Bản Nà Đon"]
    assert len(keeper.get(reverse("evaluations:decision-list")).context["rows"]) == 1
    keeper.post(reverse("evaluations:certificate-reprint", args=[certificate.pk]), once())
    assert keeper.get(reverse("evaluations:certificate-detail", args=[certificate.pk])).context["reprints"].count() == 1
    assert Reprint.objects.get().printed_by == world.cast.commune_officer
    reissue = reverse("evaluations:certificate-reissue", args=[certificate.pk])
    assert keeper.get(reissue).context["form"].initial["unit_name"] == "Bản Nà Đon"
    keeper.post(reissue, once(unit_name="Bản Nà Đòn", place_name="Xã Suối Thông, tỉnh An Hòa", reason="Sai dấu"))
    certificate.refresh_from_db()
    assert certificate.replaced_by.recognition.unit_name == "Bản Nà Đòn"
    assert keeper.get(reverse("evaluations:certificate-detail", args=[certificate.pk])).context["replaced_by"] == certificate.replaced_by


@pytest.mark.parametrize("password", ["", "sai-mat-khau"])
def test_nothing_is_decided_without_the_password(password: str, world: World, client_for: ClientFor) -> None:
    """Approve and release ask again who is at the keyboard."""
    session = make.closed_session(world, {make.dossier_of(world, world.residential_area, DossierState.PROPOSED): "met"})
    decision = decisions.draft_decision(session, actor=world.cast.commune_officer, at=world.at)
    chair, states = client_for(world.cast.chair), []
    typed = {"signatory": world.commune_authority.signatories.get().pk, "issued_on": f"{clock.today():%d/%m/%Y}"}
    approve, release = (reverse(f"evaluations:decision-{verb}", args=[decision.pk]) for verb in ("approve", "release"))

    for url, data in ((approve, typed), (release, {})):
        refused = chair.post(url, once(password=password, **data))
        decision.refresh_from_db()
        states.append((refused.status_code, decision.state, "Mật khẩu" in refused.content.decode()))
        chair.post(url, once(password=PASSWORD, **data))
        decision.refresh_from_db()
        states.append(decision.state)
        make.run_job(decision.job)

    assert states == [(422, "pending", True), "approved", (422, "approved", True), "released"]


def test_password_is_tried_a_limited_number_of_times(world: World, client_for: ClientFor) -> None:
    decision = make.approved_decision(world, {make.dossier_of(world, world.residential_area, DossierState.PROPOSED): "met"})
    make.run_job(decision.job)
    url, chair = reverse("evaluations:decision-release", args=[decision.pk]), client_for(world.cast.chair)

    answers = {chair.post(url, once(password=f"thu-{number}")).status_code for number in range(12)}

    assert answers == {422, 429}
    assert chair.post(url, once(password=PASSWORD)).status_code == 429


def test_every_maker_sees_the_progress_and_who_approved_the_job(world: World, client_for: ClientFor) -> None:
    """The job's own page is its creator's; a link that leads others to 404 is not shown."""
    decision = make.approved_decision(world, {make.dossier_of(world, world.residential_area, DossierState.PROPOSED): "met"})
    page, job = reverse("evaluations:decision-detail", args=[decision.pk]), reverse("core:job-detail", args=[decision.job_id])

    seen = {user: client_for(user).get(page) for user in (world.cast.chair, world.cast.commune_officer, world.cast.member_one)}

    assert {user: (answer.context["job_progress"].total, job in answer.content.decode()) for user, answer in seen.items()} == {
        world.cast.chair: (2, True), world.cast.commune_officer: (2, False), world.cast.member_one: (2, False),
    }  # fmt: skip
    assert [client_for(user).get(job).status_code for user in seen] == [200, 404, 404]


@pytest.mark.parametrize("who", ["province_officer", "neighbour_officer", "leader", "auditor", "head", "nobody"])
def test_approved_decision_is_seen_by_its_makers_alone(who: str, world: World, client_for: ClientFor) -> None:
    decision = make.approved_decision(world, {make.dossier_of(world, world.residential_area, DossierState.PROPOSED): "met"})
    make.run_job(decision.job)
    client = client_for(getattr(world.cast, who))
    certificate = Certificate.objects.get()
    urls = [
        reverse("evaluations:decision-detail", args=[decision.pk]),
        reverse("evaluations:decision-file", args=[decision.pk]),
        reverse("evaluations:certificate-detail", args=[certificate.pk]),
        reverse("evaluations:certificate-file", args=[certificate.pk]),
        reverse("evaluations:session-detail", args=[decision.session_id]),
        reverse("directives:document-detail", args=[decision.document_id]),
    ]

    assert [client.get(url).status_code for url in urls] == [404] * 6


def test_campaign_opens_with_its_plans(world: World, client_for: ClientFor) -> None:
    campaign = world.campaign
    type(campaign).objects.filter(pk=campaign.pk).update(state="draft", opened_at=None)
    campaign.plans.all().delete()
    client, url = client_for(world.cast.province_officer), reverse("evaluations:campaign-open", args=[campaign.pk])
    form = client.get(url).context["form"]
    data = {f"{part}-{kind}": value for kind in UnitKind.values for part, value in (("quorum", "3/4"), ("majority", "2/3"))}
    data |= {f"checklist-{kind}": form.fields[f"checklist-{kind}"].choices[0][0] for kind in UnitKind.values}

    client.post(url, once(**data))

    campaign.refresh_from_db()
    assert campaign.state == "open"
    plans = {(plan.unit_kind, plan.quorum_numerator, plan.quorum_denominator, plan.majority_numerator) for plan in campaign.plans.all()}
    assert plans == {(kind, 3, 4, 2) for kind in UnitKind.values}
    assert client_for(world.cast.commune_officer).get(url).status_code == 403
