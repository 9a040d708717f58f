"""The dossier in the hands of the standing office: every state × every verb, and what each verb asks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from core import clock
from core.models import AuditEvent
from core.transitions import SYSTEM, DomainError, TransitionRefused
from evaluations.models import Proposal, Recognition, Return
from evaluations.operations.appraisal import Appraised, fingerprint, record_appraisal
from evaluations.states import DossierState
from evaluations.transitions.appraisal import decide_dossier, propose_dossier, receive_dossier, return_dossier
from tests.factories import appraisals as make
from tests.world import World

pytestmark = pytest.mark.django_db
SOURCES = {"receive": {"submitted"}, "return": {"received"}, "propose": {"received"}, "decide": {"proposed"}}
TARGETS = {"receive": "received", "return": "returned", "propose": "proposed", "decide": "decided"}


def act(world: World, verb: str, dossier, *, actor=None):
    officer = actor or world.cast.commune_officer
    first = dossier.answers.order_by("question__position").first()
    if verb == "receive":
        return receive_dossier(dossier, actor=officer, at=world.at)
    if verb == "return":
        due_on = clock.local_date(world.at) + timedelta(days=3)
        return return_dossier(dossier, actor=officer, at=world.at, items={first.pk: "Bổ sung"}, reason="Thiếu", due_on=due_on)
    if verb == "propose":
        return propose_dossier(dossier, actor=officer, at=world.at)
    recognition = Recognition(dossier=dossier, result="met", decision=released(world))
    return decide_dossier(dossier, actor=SYSTEM, at=world.at, recognition=recognition)


def released(world: World):
    return make.released_decision(world, {make.dossier_of(world, world.agency, DossierState.PROPOSED): "met"})


@pytest.mark.parametrize("verb", SOURCES)
@pytest.mark.parametrize("state", DossierState.values)
def test_verb_starts_only_from_its_states(verb: str, state: str, world: World) -> None:
    dossier = make.dossier_of(world, world.residential_area, state)
    dossier.answers.update(appraised_result="met", appraised_by=world.cast.commune_officer, appraised_at=world.at)

    if state in SOURCES[verb]:
        assert act(world, verb, dossier).state == TARGETS[verb]
        event = AuditEvent.objects.get(verb=f"dossier.{verb}", target_id=dossier.pk)
        assert (event.from_state, event.to_state, event.refused) == (state, TARGETS[verb], False)
    else:
        with pytest.raises(TransitionRefused):
            act(world, verb, dossier)
        dossier.refresh_from_db()
        assert dossier.state == state


@pytest.mark.parametrize(
    "who", ["head", "officer", "neighbour_officer", "province_officer", "chair", "member_one", "leader", "auditor", "nobody"]
)
@pytest.mark.parametrize(("verb", "state"), [("receive", "submitted"), ("return", "received"), ("propose", "received")])
def test_only_the_handling_office_acts(who: str, verb: str, state: str, world: World) -> None:
    dossier = make.dossier_of(world, world.residential_area, state)
    dossier.answers.update(appraised_result="met")

    with pytest.raises(PermissionDenied):
        act(world, verb, dossier, actor=getattr(world.cast, who))


@pytest.mark.parametrize(("verb", "state"), [("receive", "submitted"), ("return", "received"), ("propose", "received")])
def test_submitter_does_not_appraise(verb: str, state: str, world: World) -> None:
    """TT 124/2021 leaves it to us: submit ≠ appraise ≠ decide is absolute (ruling 10)."""
    dossier = make.dossier_of(world, world.residential_area, state, submitter=world.cast.commune_officer, on_behalf=True)
    dossier.answers.update(appraised_result="met")

    with pytest.raises(PermissionDenied):
        act(world, verb, dossier)
    assert act(world, verb, dossier, actor=world.cast.commune_officer_two).state == TARGETS[verb]


def test_nobody_decides_by_hand(world: World) -> None:
    decision = make.released_decision(world, {make.dossier_of(world, world.residential_area, DossierState.PROPOSED): "met"})
    recognition = decision.recognitions.get()

    with pytest.raises(PermissionDenied):
        decide_dossier(recognition.dossier, actor=world.cast.chair, at=world.at, recognition=recognition)


def test_return_unlocks_only_the_named_and_forgets_their_appraisal(world: World) -> None:
    dossier = make.dossier_of(world, world.residential_area)
    first, second, *_rest = dossier.answers.order_by("question__position")
    dossier.answers.update(is_unlocked=False, appraised_result="met", appraised_by=world.cast.commune_officer, appraised_at=world.at)

    returned = act(world, "return", dossier)

    assert returned.return_count == 1
    assert list(dossier.answers.filter(is_unlocked=True)) == [first]
    assert list(dossier.answers.filter(appraised_result="")) == [first]
    made = Return.objects.get()
    assert (made.number, made.returned_by, [(item.answer, item.note) for item in made.items.all()]) == (
        1,
        world.cast.commune_officer,
        [(first, "Bổ sung")],
    )
    second.refresh_from_db()
    assert second.appraised_result == "met"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"items": {}}, "ít nhất một"),
        ({"reason": "  "}, "lý do trả lại"),
        ({"due_on": -1}, "không được trước hôm nay"),
        ({"items": {0: "Bổ sung"}}, "không thuộc hồ sơ"),
        ({"note": " "}, "đơn vị cần làm gì"),
    ],
)
def test_return_refuses_what_is_incomplete(changes: dict, words: str, world: World) -> None:
    dossier = make.dossier_of(world, world.residential_area)
    first = dossier.answers.first()
    today = clock.local_date(world.at)
    values = {
        "items": changes.get("items", {first.pk: changes.get("note", "Bổ sung")}),
        "reason": changes.get("reason", "Thiếu"),
        "due_on": today + timedelta(days=changes.get("due_on", 0)),
    }

    with pytest.raises(DomainError, match=words):
        return_dossier(dossier, actor=world.cast.commune_officer, at=world.at, **values)
    assert Return.objects.count() == 0


def test_propose_wants_every_answer(world: World) -> None:
    dossier = make.dossier_of(world, world.residential_area)
    first, *rest = dossier.answers.order_by("question__position")
    dossier.answers.filter(pk__in=[answer.pk for answer in rest]).update(appraised_result="met")

    with pytest.raises(DomainError, match=first.question.code):
        act(world, "propose", dossier)


@pytest.mark.parametrize(("appraised", "result"), [("met", "met"), ("not_applicable", "met"), ("not_met", "not_met")])
def test_one_unmet_answer_decides(appraised: str, result: str, world: World) -> None:
    """Đ8.1: đạt only when every criterion is."""
    dossier = make.dossier_of(world, world.residential_area)
    dossier.answers.update(appraised_result="met")
    first = dossier.answers.first()
    dossier.answers.filter(pk=first.pk).update(appraised_result=appraised, appraised_reason="Thẩm định khác")

    proposed = propose_dossier(dossier, actor=world.cast.commune_officer, at=world.at, note=" Đủ hồ sơ ")

    assert proposed.result == result
    proposal = Proposal.objects.get()
    assert (proposal.result, proposal.step, proposal.note, proposal.proposed_by) == (result, 1, "Đủ hồ sơ", world.cast.commune_officer)


# ---------- Recording ----------


def test_difference_without_a_reason_is_refused(world: World) -> None:
    dossier = make.dossier_of(world, world.residential_area)
    answer = dossier.answers.first()

    with pytest.raises(DomainError, match="lý do"):
        record_appraisal(dossier, actor=world.cast.commune_officer, at=world.at, results={answer.pk: ("not_met", " ")})


@pytest.mark.parametrize("state", [state for state in DossierState.values if state != "received"])
def test_appraisal_is_recorded_only_while_received(state: str, world: World) -> None:
    dossier = make.dossier_of(world, world.residential_area, state)

    with pytest.raises(TransitionRefused):
        record_appraisal(dossier, actor=world.cast.commune_officer, at=world.at, results={dossier.answers.first().pk: ("met", "")})


def test_unknown_result_and_foreign_actor_are_refused(world: World) -> None:
    dossier = make.dossier_of(world, world.residential_area)
    results = {dossier.answers.first().pk: ("great", "")}

    with pytest.raises(DomainError):
        record_appraisal(dossier, actor=world.cast.commune_officer, at=world.at, results=results)
    with pytest.raises(PermissionDenied):
        record_appraisal(dossier, actor=world.cast.neighbour_officer, at=world.at, results=results)


def test_second_officer_does_not_overwrite_unseen_work(world: World) -> None:
    dossier = make.dossier_of(world, world.residential_area)
    answer = dossier.answers.first()
    shown = fingerprint("", "")
    one, two = world.cast.commune_officer, world.cast.commune_officer_two
    record_appraisal(dossier, actor=one, at=world.at, results={answer.pk: Appraised("not_met", "Thiếu chữ ký", shown)})

    late = record_appraisal(dossier, actor=two, at=world.at, results={answer.pk: Appraised("met", "", shown)})
    seen = fingerprint("not_met", "Thiếu chữ ký")
    knowing = record_appraisal(dossier, actor=two, at=world.at, results={answer.pk: Appraised("met", "", seen)})

    assert (late.saved, late.overtaken) == ((), (answer,))
    assert (knowing.saved, knowing.overtaken) == ((answer,), ())
    answer.refresh_from_db()
    assert (answer.appraised_result, answer.appraised_by) == ("met", two)


def test_untouched_answer_of_an_old_page_changes_nothing(world: World) -> None:
    dossier = make.dossier_of(world, world.residential_area)
    answer = dossier.answers.first()
    one, two = world.cast.commune_officer, world.cast.commune_officer_two
    record_appraisal(dossier, actor=one, at=world.at, results={answer.pk: ("met", "")})
    record_appraisal(dossier, actor=one, at=world.at, results={answer.pk: ("not_met", "Thiếu")})

    old_page = record_appraisal(dossier, actor=two, at=world.at, results={answer.pk: Appraised("met", "", fingerprint("met", ""))})

    assert (old_page.saved, old_page.overtaken) == ((), ())
    answer.refresh_from_db()
    assert answer.appraised_result == "not_met"
