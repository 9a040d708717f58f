"""Answers judged: each kind of question, each subtle difference of the circular, exact arithmetic."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evaluations.importers import checklist_files
from evaluations.judging import (
    Deciding,
    Judgement,
    Point,
    facts_of,
    is_complete,
    judge,
    not_applicable_grounds,
    points_of,
    remarks,
    result_of,
    validate,
)
from evaluations.models import AnswerKind, AnswerResult, Criterion, Question
from units.models import Unit

MET, NOT_MET, NA, OPEN = "met", "not_met", "not_applicable", ""
NOBODY = facts_of(Unit(has_party_organisation=False, has_guard_force=False, school_level="higher", sub_unit_count=0))
EVERYBODY = facts_of(Unit(has_party_organisation=True, has_guard_force=True, school_level="lower_secondary", sub_unit_count=5))
CASES = st.integers(min_value=0, max_value=10**9)


def shipped():
    """Every shipped question by code, as an unsaved row under its point of law."""
    found = {}
    number = 0
    for content in checklist_files():
        for group in content["groups"]:
            for point in group["criteria"]:
                number += 1
                leaf = Criterion(pk=number, code=point["code"], label=point["label"], citation=point["citation"])
                found |= {entry["code"]: Question(criterion=leaf, **entry) for entry in point["questions"]}
    return found


QUESTIONS = shipped()


def judged(code, value, facts=EVERYBODY):
    return judge(QUESTIONS[code], value, facts)


def percentage(threshold):
    return Question(answer_kind=AnswerKind.PERCENTAGE, threshold=threshold)


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        # a document, one or a list of which every part is needed
        ("KDC-1a", {"has": True}, MET),
        ("KDC-1a", {"has": False}, NOT_MET),
        ("KDC-1b", {"ticks": ["registration"]}, MET),
        ("KDC-1b", {"ticks": []}, NOT_MET),
        ("XA-1b", {"ticks": ["registration", "plan"]}, MET),
        ("XA-1b", {"ticks": ["plan"]}, NOT_MET),
        ("CQ-1c", {"ticks": ["guard", "secrets", "politics", "labour", "fire", "environment"]}, MET),
        ("CQ-1c", {"ticks": ["guard", "secrets", "politics", "labour", "fire"]}, NOT_MET),
        ("GD-1c", {"ticks": ["guard", "politics", "learners", "fire"]}, MET),
        # percentages
        ("KDC-1c", {"part": 700, "whole": 700}, MET),
        ("KDC-1c", {"part": 699, "whole": 700}, NOT_MET),
        ("CQ-1d", {"part": 999, "whole": 1000}, NOT_MET),
        ("CQ-5a", {"part": 7, "whole": 10}, MET),
        ("CQ-5a", {"part": 69, "whole": 99}, NOT_MET),
        ("GD-6a", {"part": 5, "whole": 7}, MET),
        ("XA-4b", {"part": 699, "whole": 1000}, NOT_MET),
        ("XA-4b", {"part": 700, "whole": 1000}, MET),
        # counts, yes or no
        ("XA-1c", {"count": 1}, MET),
        ("CQ-1đ", {"count": 0}, NOT_MET),
        ("KDC-2", {"yes": True}, MET),
        ("KDC-2", {"yes": False}, NOT_MET),
        # incidents, with an exception only where the law grants it
        ("KDC-3a", {"count": 0}, MET),
        ("KDC-3a", {"count": 1}, NOT_MET),
        ("KDC-4b", {"count": 2, "exception": ""}, NOT_MET),
        ("KDC-4b", {"count": 2, "exception": "force_majeure"}, MET),
        ("KDC-4b", {"count": 1, "exception": "prompt_report"}, MET),
        ("KDC-4b", {"count": 2, "exception": "either"}, MET),
        ("KDC-4d", {"count": 1, "exception": "force_majeure"}, MET),
        ("KDC-4d", {"count": 1, "exception": "prompt_report"}, OPEN),
        ("KDC-4c1", {"count": 1, "exception": "force_majeure"}, OPEN),
        ("XA-2.4b", {"count": 1, "exception": "prompt_report"}, MET),
        ("XA-2.4d", {"count": 1, "exception": "prompt_report"}, OPEN),
        ("CQ-3đ", {"count": 1, "exception": "prompt_report"}, MET),
        ("CQ-3g", {"count": 1, "exception": "prompt_report"}, OPEN),
        ("CQ-3h", {"count": 1, "exception": "force_majeure"}, OPEN),
        ("GD-3đ", {"count": 1, "exception": "force_majeure"}, MET),
        ("GD-3g", {"count": 1, "exception": "force_majeure"}, MET),
        ("GD-4a", {"count": 1, "exception": "force_majeure"}, OPEN),
        # the trend: “kiềm chế” holds when the figure does not rise
        ("KDC-4a", {"previous": 14, "current": 12, "source": "Báo cáo năm trước"}, MET),
        ("KDC-4a", {"previous": 14, "current": 14, "source": "Báo cáo năm trước"}, MET),
        ("KDC-4a", {"previous": 14, "current": 15, "source": "Báo cáo năm trước"}, NOT_MET),
        ("KDC-4a", {"previous": 0, "current": 0, "source": "Báo cáo năm trước"}, MET),
        ("KDC-4a", {"previous": None, "current": 3, "source": "Khu dân cư mới thành lập"}, OPEN),
        # ratings: “completed” is enough for the force of a residential area, not for guards
        ("KDC-5a", {"rating": "completed"}, MET),
        ("KDC-5a", {"rating": "failed"}, NOT_MET),
        ("CQ-4a", {"rating": "completed"}, NOT_MET),
        ("CQ-4a", {"rating": "good"}, MET),
        ("CQ-4a", {"rating": "advanced_collective"}, MET),
        ("GD-5a", {"rating": "completed"}, NOT_MET),
    ],
)
def test_judge_by_kind(code, value, expected):
    assert judged(code, value) == expected


@pytest.mark.parametrize("code", QUESTIONS)
def test_no_answer_is_not_judged(code):
    assert judged(code, {}) == OPEN
    assert validate(QUESTIONS[code], {}, EVERYBODY) == []
    assert not is_complete(QUESTIONS[code], {}, EVERYBODY)


@pytest.mark.parametrize("code", ["KDC-1b", "XA-1b", "CQ-1b", "DN-1b", "GD-1b"])
def test_late_registration_fails_its_question_and_says_why(code):
    value = {"ticks": [part["code"] for part in QUESTIONS[code].parts]}
    late = EVERYBODY | {"registered_late": True}

    assert (judged(code, value), judged(code, value, late)) == (MET, NOT_MET)
    assert remarks(QUESTIONS[code], value, EVERYBODY) == ()
    assert remarks(QUESTIONS[code], value, late) == ("Đăng ký sau quý I: coi như chưa có, trừ khi người thẩm định chấp nhận và ghi lý do.",)


# (code, falls away where there is nothing of the kind, falls away where there is)
NOT_APPLICABLE = [
    ("KDC-1a", False, False),  # no “nơi có tổ chức Đảng” in Đ4.1 and Đ5.1
    ("XA-1a", False, False),
    ("CQ-1a", True, False),
    ("DN-1a", True, False),
    ("GD-1a", True, False),
    ("KDC-5a", False, False),
    ("KDC-5b", False, False),
    ("CQ-4a", True, True),  # “nơi đủ điều kiện bình xét” is the head's word, judged by the appraiser
    ("CQ-4b", True, False),
    ("DN-4b", True, False),
    ("GD-5a", True, False),
    ("GD-5b", True, False),
    ("GD-2b", True, False),  # general education only
    ("CQ-5a", True, False),
    ("GD-6a", True, False),
    ("CQ-5b", False, False),
    ("GD-3đ", False, False),
    ("KDC-4a", False, False),
]


@pytest.mark.parametrize(("code", "without", "with_"), NOT_APPLICABLE)
def test_not_applicable_follows_the_facts(code, without, with_):
    value = {"not_applicable": "Đơn vị không có."}

    assert judged(code, value, NOBODY) == (NA if without else OPEN)
    assert judged(code, value, EVERYBODY) == (NA if with_ else OPEN)
    assert bool(not_applicable_grounds(QUESTIONS[code], NOBODY)) is without


@pytest.mark.parametrize("code", ["XA-4a", "XA-4b"])
def test_commune_rates_fall_away_only_with_nothing_to_divide_by(code):
    reason = "Xã không có đơn vị nào thuộc quyền quản lý."

    assert judged(code, {"not_applicable": reason, "part": 0, "whole": 0}) == NA
    assert judged(code, {"not_applicable": reason, "part": 0, "whole": 3}) == OPEN
    assert judged(code, {"not_applicable": reason}) == OPEN
    assert judged(code, {"part": 0, "whole": 0}) == OPEN


@pytest.mark.parametrize(
    ("level", "offered"),
    [
        ("lower_secondary", False),
        ("upper_secondary", False),
        ("mixed_general", False),
        ("vocational", True),
        ("higher", True),
        ("", False),
    ],
)
def test_parents_board_is_asked_of_general_education(level, offered):
    assert bool(not_applicable_grounds(QUESTIONS["GD-2b"], Unit(school_level=level))) is offered


def test_not_applicable_needs_a_reason():
    for reason in ("", "  ", True, None):
        assert judged("CQ-1a", {"not_applicable": reason}, NOBODY) == OPEN
    assert validate(QUESTIONS["CQ-1a"], {"not_applicable": " "}, NOBODY) == [("not_applicable", "Hãy ghi lý do không áp dụng.")]
    assert validate(QUESTIONS["CQ-1a"], {"not_applicable": "Không có"}, EVERYBODY) == [
        ("not_applicable", "Câu này áp dụng với đơn vị, hãy trả lời.")
    ]


@pytest.mark.parametrize(
    ("code", "value", "fields"),
    [
        ("KDC-1a", {"has": "on"}, ["has"]),
        ("KDC-1a", {"ticks": []}, ["has"]),
        ("CQ-1c", {"has": True}, ["ticks"]),
        ("CQ-1c", {"ticks": ["guard", "unknown"]}, ["ticks"]),
        ("KDC-2", {"yes": 1}, ["yes"]),
        ("KDC-1c", {"part": None, "whole": 3}, ["part"]),
        ("KDC-1c", {"part": 1.5, "whole": "3"}, ["part", "whole"]),
        ("KDC-1c", {"part": 0, "whole": 0}, ["whole"]),
        ("KDC-1c", {"part": 4, "whole": 3}, ["part"]),
        ("XA-1c", {"count": -1}, ["count"]),
        ("XA-1c", {"count": True}, ["count"]),
        ("XA-1c", {"count": 10**9 + 1}, ["count"]),
        ("KDC-4b", {"count": 1, "exception": "unknown"}, ["exception"]),
        ("KDC-3a", {"exception": "force_majeure"}, ["count", "exception"]),
        ("KDC-4a", {"previous": 3, "current": 2}, ["source"]),
        ("KDC-4a", {"previous": None, "current": 2, "source": " "}, ["source"]),
        ("KDC-4a", {"previous": -3, "current": None, "source": "Báo cáo"}, ["current", "previous"]),
        ("CQ-4a", {"rating": "unknown"}, ["rating"]),
        ("CQ-4a", {"rating": None}, ["rating"]),
    ],
)
def test_validate_names_the_field_and_judge_stays_open(code, value, fields):
    problems = validate(QUESTIONS[code], value, EVERYBODY)

    assert [field for field, _sentence in problems] == fields
    assert all(sentence.endswith(".") for _field, sentence in problems)
    assert judged(code, value) == OPEN


def test_trend_without_last_year_is_complete_and_left_to_the_appraiser():
    value = {"previous": None, "current": 3, "source": "Khu dân cư mới thành lập"}

    assert is_complete(QUESTIONS["KDC-4a"], value, EVERYBODY)
    assert judged("KDC-4a", value) == OPEN


@given(st.tuples(CASES, CASES).map(sorted))
def test_hundred_percent_is_met_by_all_and_nothing_less(numbers):
    part, whole = numbers
    assume(whole > 0)

    assert judge(percentage(100), {"part": part, "whole": whole}, {}) == (MET if part == whole else NOT_MET)


@given(whole=st.integers(min_value=1, max_value=10**8), threshold=st.decimals(min_value=1, max_value=100, places=2))
def test_threshold_is_inclusive_and_exact(whole, threshold):
    hundredths = int(threshold * 100)
    least = -(-hundredths * whole // 10_000)  # the smallest part that reaches it, in whole numbers

    assert judge(percentage(threshold), {"part": least, "whole": whole}, {}) == MET
    if least:
        assert judge(percentage(threshold), {"part": least - 1, "whole": whole}, {}) == NOT_MET


@given(st.tuples(CASES, CASES, CASES).map(sorted))
def test_a_larger_part_is_never_judged_worse(numbers):
    part, more, whole = numbers
    assume(whole > 0)

    first = judge(percentage(70), {"part": part, "whole": whole}, {})
    second = judge(percentage(70), {"part": more, "whole": whole}, {})

    assert (first, second) != (MET, NOT_MET)


ODD = st.integers() | st.sampled_from(
    [None, True, False, 1.5, "", " ", "0", "force_majeure", "good", [], ["plan"], [[]], [None], {}, {"a": 1}]
)
FIELDS = st.sampled_from(
    ["has", "ticks", "part", "whole", "count", "yes", "exception", "previous", "current", "source", "rating", "not_applicable"]
)


@given(code=st.sampled_from(sorted(QUESTIONS)), value=st.dictionaries(FIELDS, ODD, max_size=4))
def test_whatever_is_stored_is_judged_or_left_open_and_never_fails(code, value):
    result = judged(code, value, NOBODY)

    assert result in {OPEN, *AnswerResult.values}
    if result:
        assert validate(QUESTIONS[code], value, NOBODY) == []


def pairs(**results):
    return [(QUESTIONS[code.replace("_", "-")], result) for code, result in results.items()]


def test_one_unmet_question_decides():
    found = result_of(pairs(KDC_1a=MET, KDC_1b=NOT_MET, KDC_2=OPEN, KDC_3a=MET))

    assert found == Judgement(
        "not_met",
        (Deciding("KDC-1b", "Quý I: khu dân cư đã đăng ký phấn đấu", "khoản 1 Điều 4"),),
        (Deciding("KDC-2", QUESTIONS["KDC-2"].label, "khoản 2 Điều 4"),),
    )


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([MET, MET], "met"),
        ([MET, NA], "met"),
        ([NA, NA], "met"),
        ([MET, OPEN], ""),
        ([NA, OPEN], ""),
        ([NOT_MET, OPEN], "not_met"),
        ([NA, NOT_MET], "not_met"),
        ([], ""),
    ],
)
def test_result_of_a_dossier(results, expected):
    assert result_of(zip([QUESTIONS["CQ-1a"], QUESTIONS["CQ-1b"]], results, strict=False)).result == expected


def test_points_of_law_are_met_when_all_their_questions_are():
    found = points_of(pairs(CQ_1a=NA, CQ_1b=MET, CQ_2=NOT_MET, CQ_3a=OPEN, CQ_4a=NA, CQ_4b=NA, CQ_5a=MET, CQ_5b=NOT_MET))

    assert found == (
        Point(QUESTIONS["CQ-1a"].criterion, MET),
        Point(QUESTIONS["CQ-2"].criterion, NOT_MET),
        Point(QUESTIONS["CQ-3a"].criterion, OPEN),
        Point(QUESTIONS["CQ-4a"].criterion, NA),
        Point(QUESTIONS["CQ-5a"].criterion, NOT_MET),
    )


def test_facts_of_a_unit():
    assert EVERYBODY == {
        "has_party_organisation": True,
        "has_guard_force": True,
        "school_level": "lower_secondary",
        "sub_unit_count": 5,
        "registered_late": False,
    }
    assert facts_of(Unit(school_level=""), registered_late=True)["school_level"] is None
    assert facts_of(Unit(), registered_late=True)["registered_late"] is True
