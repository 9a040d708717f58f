"""The shipped checklists against the circular: every point of law, every question, every threshold and exception (TT 124/2021)."""

import copy
from datetime import UTC, datetime

import pytest

from core.models import AuditEvent
from evaluations.importers import ChecklistChanged, checklist_files, load_checklists
from evaluations.models import AnswerKind, CriteriaSet, Question
from evaluations.states import CriteriaSetState
from units.roles import UnitKind

AT = datetime(2026, 1, 2, tzinfo=UTC)

D4_2_TO_4 = [
    "khoản 2 Điều 4",
    "điểm a khoản 3 Điều 4",
    "điểm b khoản 3 Điều 4",
    "điểm c khoản 3 Điều 4",
    "điểm d khoản 3 Điều 4",
    "điểm đ khoản 3 Điều 4",
    "điểm e khoản 3 Điều 4",
    "điểm g khoản 3 Điều 4",
    "điểm a khoản 4 Điều 4",
    "điểm b khoản 4 Điều 4",
    "điểm c khoản 4 Điều 4",
    "điểm d khoản 4 Điều 4",
]
D6 = [
    "khoản 1 Điều 6",
    "khoản 2 Điều 6",
    "điểm a khoản 3 Điều 6",
    "điểm b khoản 3 Điều 6",
    "điểm c khoản 3 Điều 6",
    "điểm d khoản 3 Điều 6",
    "điểm đ khoản 3 Điều 6",
    "điểm e khoản 3 Điều 6",
    "điểm g khoản 3 Điều 6",
    "điểm h khoản 3 Điều 6",
    "khoản 4 Điều 6",
    "khoản 5 Điều 6",
]
POINTS = {
    UnitKind.RESIDENTIAL_AREA: ["khoản 1 Điều 4", *D4_2_TO_4, "khoản 5 Điều 4"],
    # Đ5.2 takes over khoản 2, 3, 4 of Điều 4 and leaves khoản 1 and 5 out
    UnitKind.COMMUNE: [
        "khoản 1 Điều 5",
        *(f"khoản 2 Điều 5, dẫn chiếu {citation}" for citation in D4_2_TO_4),
        "khoản 3 Điều 5",
        "khoản 4 Điều 5",
    ],
    UnitKind.AGENCY: D6,
    UnitKind.ENTERPRISE: D6,
    # Đ7.3 takes over điểm a, b, c, đ, e, g of Đ6.3, not d and h
    UnitKind.SCHOOL: [
        "khoản 1 Điều 7",
        "khoản 2 Điều 7",
        "khoản 3 Điều 7, dẫn chiếu điểm a khoản 3 Điều 6",
        "khoản 3 Điều 7, dẫn chiếu điểm b khoản 3 Điều 6",
        "khoản 3 Điều 7, dẫn chiếu điểm c khoản 3 Điều 6",
        "khoản 3 Điều 7, dẫn chiếu điểm đ khoản 3 Điều 6",
        "khoản 3 Điều 7, dẫn chiếu điểm e khoản 3 Điều 6",
        "khoản 3 Điều 7, dẫn chiếu điểm g khoản 3 Điều 6",
        "khoản 4 Điều 7",
        "khoản 5 Điều 7",
        "khoản 6 Điều 7",
    ],
}
KINDS = {
    "KDC": "1a document, 1b document, 1c percentage, 2 yes_no, 3a no_incident, 3b no_incident, 3c no_incident, 3d no_incident, "
    "3đ no_incident, 3e no_incident, 3g no_incident, 4a trend, 4b no_incident, 4c1 no_incident, 4c2 no_incident, 4c3 yes_no, "
    "4d no_incident, 5a rating, 5b no_incident",
    "XA": "1a document, 1b document, 1c count, 2.2 yes_no, 2.3a no_incident, 2.3b no_incident, 2.3c no_incident, 2.3d no_incident, "
    "2.3đ no_incident, 2.3e no_incident, 2.3g no_incident, 2.4a trend, 2.4b no_incident, 2.4c1 no_incident, 2.4c2 no_incident, "
    "2.4c3 yes_no, 2.4d no_incident, 3a yes_no, 3b no_incident, 4a percentage, 4b percentage",
    "CQ": "1a document, 1b document, 1c document, 1d percentage, 1đ count, 2 yes_no, 3a no_incident, 3b no_incident, 3c no_incident, "
    "3d no_incident, 3đ no_incident, 3e no_incident, 3g no_incident, 3h no_incident, 4a rating, 4b no_incident, 5a percentage, "
    "5b no_incident",
    "GD": "1a document, 1b document, 1c document, 1d percentage, 1đ count, 2a yes_no, 2b yes_no, 3a no_incident, 3b no_incident, "
    "3c no_incident, 3đ no_incident, 3e no_incident, 3g no_incident, 4a no_incident, 4b no_incident, 5a rating, 5b no_incident, "
    "6a percentage, 6b no_incident",
}
KINDS["DN"] = KINDS["CQ"]
PREFIXES = {
    UnitKind.RESIDENTIAL_AREA: "KDC",
    UnitKind.COMMUNE: "XA",
    UnitKind.AGENCY: "CQ",
    UnitKind.ENTERPRISE: "DN",
    UnitKind.SCHOOL: "GD",
}

pytestmark = pytest.mark.django_db


def checklist(kind):
    return CriteriaSet.objects.get(kind=CriteriaSet.Kind.CHECKLIST, unit_kind=kind)


def questions(kind):
    return Question.objects.filter(criterion__criteria_set=checklist(kind)).order_by("position")


def codes_where(**conditions):
    """Codes of all questions of the five sets for which a condition holds."""
    return set(Question.objects.filter(**conditions).values_list("code", flat=True))


@pytest.mark.parametrize(
    ("kind", "groups", "points", "asked"),
    [
        (UnitKind.RESIDENTIAL_AREA, 5, 14, 19),
        (UnitKind.COMMUNE, 4, 15, 21),
        (UnitKind.AGENCY, 5, 12, 18),
        (UnitKind.ENTERPRISE, 5, 12, 18),
        (UnitKind.SCHOOL, 6, 11, 19),
    ],
)
def test_checklist_counts_are_those_of_the_rulings(kind, groups, points, asked):
    criteria = checklist(kind).criteria

    assert criteria.filter(parent=None).count() == groups
    assert criteria.exclude(parent=None).count() == points
    assert questions(kind).count() == asked


@pytest.mark.parametrize("kind", UnitKind)
def test_points_of_law_are_those_of_the_circular(kind):
    criteria = checklist(kind).criteria

    assert list(criteria.exclude(parent=None).values_list("citation", flat=True)) == POINTS[kind]


@pytest.mark.parametrize("kind", UnitKind)
def test_groups_are_the_paragraphs_of_the_article(kind):
    article = {"residential_area": 4, "commune": 5, "school": 7}.get(kind, 6)
    groups = list(checklist(kind).criteria.filter(parent=None))

    assert [group.citation for group in groups] == [f"khoản {number} Điều {article}" for number in range(1, len(groups) + 1)]
    assert [group.code for group in groups] == [str(number) for number in range(1, len(groups) + 1)]
    assert checklist(kind).citation == f"Thông tư 124/2021/TT-BCA, Điều {article}"


@pytest.mark.parametrize("kind", UnitKind)
def test_questions_are_those_of_the_circular_in_its_order(kind):
    prefix = PREFIXES[kind]
    asked = [f"{question.code} {question.answer_kind}" for question in questions(kind)]

    assert asked == [f"{prefix}-{row}" for row in KINDS[prefix].split(", ")]


@pytest.mark.parametrize("kind", UnitKind)
def test_questions_stand_under_their_point_with_its_citation(kind):
    for question in questions(kind).select_related("criterion"):
        assert question.citation == question.criterion.citation
        assert question.criterion.parent_id is not None


@pytest.mark.parametrize("kind", UnitKind)
def test_sets_are_published_with_their_day(kind):
    found = checklist(kind)

    assert (found.state, found.is_illustrative, found.published_at is not None) == (CriteriaSetState.PUBLISHED, False, True)
    assert (found.issuer, found.version) == ("Bộ trưởng Bộ Công an", "124/2021/TT-BCA")


def test_every_question_has_one_sentence_of_help():
    for question in Question.objects.all():
        assert question.help.endswith("."), question.code
        assert ". " not in question.help, question.code


def test_help_of_every_incident_forbids_names():
    without = {
        question.code for question in Question.objects.filter(answer_kind=AnswerKind.NO_INCIDENT) if "không ghi họ tên" not in question.help
    }

    assert without == set()


def test_thresholds():
    found = {code: str(threshold) for code, threshold in Question.objects.exclude(threshold=None).values_list("code", "threshold")}

    assert found == {
        "KDC-1c": "100.00",
        "XA-1c": "1.00",
        "XA-4a": "100.00",
        "XA-4b": "70.00",
        "CQ-1d": "100.00",
        "CQ-1đ": "1.00",
        "CQ-5a": "70.00",
        "DN-1d": "100.00",
        "DN-1đ": "1.00",
        "DN-5a": "70.00",
        "GD-1d": "100.00",
        "GD-1đ": "1.00",
        "GD-6a": "70.00",
    }


def test_exceptions_stand_only_where_the_law_grants_them():
    found = {
        question.code: {exception["code"] for exception in question.exceptions} for question in Question.objects.exclude(exceptions=[])
    }
    crime, accident = {"force_majeure", "prompt_report", "either"}, {"force_majeure"}

    assert found == {
        "KDC-4b": crime,
        "KDC-4d": accident,
        "XA-2.4b": crime,
        "XA-2.4d": accident,
        "CQ-3đ": crime,
        "CQ-3g": accident,
        "DN-3đ": crime,
        "DN-3g": accident,
        "GD-3đ": crime,
        "GD-3g": accident,
    }


def test_prompt_report_asks_for_all_three_conditions():
    (ground,) = [each for each in Question.objects.get(code="KDC-4b").exceptions if each["code"] == "prompt_report"]

    assert ground["label"] == "Phát hiện kịp thời, hạn chế được hậu quả và báo cáo ngay"


def test_not_applicable_is_offered_only_where_the_law_or_a_setting_does():
    found = {
        question.code: [ground["basis"] for ground in question.not_applicable_rule["grounds"]]
        for question in Question.objects.exclude(not_applicable_rule={})
    }

    assert found == {
        "XA-4a": ["setting"],
        "XA-4b": ["setting"],
        "CQ-1a": ["law"],
        "CQ-4a": ["law", "setting"],
        "CQ-4b": ["setting"],
        "CQ-5a": ["setting"],
        "DN-1a": ["law"],
        "DN-4a": ["law", "setting"],
        "DN-4b": ["setting"],
        "DN-5a": ["setting"],
        "GD-1a": ["law"],
        "GD-2b": ["law"],
        "GD-5a": ["law"],
        "GD-5b": ["law"],
        "GD-6a": ["setting"],
    }


def test_lists_of_documents_have_their_ticks():
    found = {question.code: [part["code"] for part in question.parts] for question in Question.objects.exclude(parts=[])}
    plan = ["plan", "registration"]
    rules = ["guard", "secrets", "politics", "labour", "fire", "environment"]

    assert found == {
        "KDC-1b": ["registration"],
        "XA-1b": plan,
        "CQ-1b": plan,
        "CQ-1c": rules,
        "DN-1b": plan,
        "DN-1c": rules,
        "GD-1b": plan,
        "GD-1c": ["guard", "politics", "learners", "fire"],
    }


def test_ratings_that_count_as_met():
    found = {
        question.code: {rating["code"] for rating in question.ratings if rating["met"]}
        for question in Question.objects.filter(answer_kind=AnswerKind.RATING)
    }
    guard = {"excellent_collective", "advanced_collective", "excellent", "good"}

    assert found == {"KDC-5a": {"excellent", "good", "completed"}, "CQ-4a": guard, "DN-4a": guard, "GD-5a": guard}


def test_trend_counts_an_unchanged_figure_as_met():
    for question in Question.objects.filter(answer_kind=AnswerKind.TREND):
        assert {rating["code"]: rating["met"] for rating in question.ratings} == {"fallen": True, "unchanged": True, "risen": False}


def test_sources_from_our_own_rows():
    assert codes_where(source="household_signup") == {"KDC-1c"}
    assert codes_where(source="model_practices") == {"XA-1c", "CQ-1đ", "DN-1đ", "GD-1đ"}
    assert codes_where(source="commune_registration_rate") == {"XA-4a"}
    assert codes_where(source="commune_recognition_rate") == {"XA-4b"}
    assert Question.objects.exclude(source="").count() == 7


def test_discipline_counts_any_form_at_residential_areas_and_communes():
    for code in ("KDC-5b", "XA-3b"):
        assert "mọi hình thức kỷ luật" in Question.objects.get(code=code).help
    for code in ("CQ-4b", "CQ-5b", "DN-4b", "DN-5b", "GD-5b", "GD-6b"):
        assert "từ cảnh cáo trở lên" in Question.objects.get(code=code).label


def test_percentages_name_both_numbers():
    for question in Question.objects.filter(answer_kind__in=[AnswerKind.PERCENTAGE, AnswerKind.TREND]):
        assert question.part_label
        assert question.whole_label


def test_loading_again_changes_nothing():
    before = list(Question.objects.values_list("pk", flat=True))

    assert load_checklists(at=AT) == []
    assert list(Question.objects.values_list("pk", flat=True)) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.update(title="Tiêu chí khác"),
        lambda content: content["groups"][0].update(label="Nhóm khác"),
        lambda content: content["groups"][0]["criteria"][0].update(citation="khoản 9 Điều 9"),
        lambda content: content["groups"][0]["criteria"][0]["questions"][2].update(threshold="90"),
        lambda content: content["groups"][0]["criteria"][0]["questions"].pop(),
        lambda content: content["groups"].pop(),
    ],
)
def test_loading_refuses_to_change_a_set_of_the_same_version(change):
    content = copy.deepcopy(next(each for each in checklist_files() if each["unit_kind"] == "residential_area"))
    change(content)

    with pytest.raises(ChecklistChanged, match="hãy ghi “version” mới"):
        load_checklists(at=AT, contents=[content])


def test_a_new_version_stands_beside_the_old_one():
    content = copy.deepcopy(checklist_files()[0]) | {"version": "thử nghiệm"}
    content["groups"][0]["label"] = "Nhóm khác"

    (made,) = load_checklists(at=AT, contents=[content])

    assert (made.state, made.published_at) == (CriteriaSetState.PUBLISHED, AT)
    assert made.criteria.get(position=1).label == "Nhóm khác"
    assert CriteriaSet.objects.filter(unit_kind=made.unit_kind).count() == 2
    assert AuditEvent.objects.filter(verb="criteria.load", target_id=made.pk).count() == 1


def test_loading_refuses_an_unknown_field_and_writes_nothing():
    content = copy.deepcopy(checklist_files()[0]) | {"version": "thử nghiệm"}
    content["groups"][0]["criteria"][0]["questions"][0]["treshold"] = "70"

    with pytest.raises(ChecklistChanged, match="không có trường treshold"):
        load_checklists(at=AT, contents=[content])

    assert not CriteriaSet.objects.filter(version="thử nghiệm").exists()
