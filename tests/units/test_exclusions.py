"""Legal exclusions: trees of conditions, the limits of NĐ 80/2021 Điều 5, and facts that nobody has entered."""

from datetime import date

import pytest

from units.exclusions import check, first_exclusion, holds, missing_facts, verdict
from units.importers import load_authority_rules, load_exclusion_rules
from units.models import AuthorityRule, ExclusionRule, Unit
from units.querysets import current
from units.roles import UnitKind

ON = date(2026, 3, 1)
TRUE = {"fact": "yes", "is": True}
FALSE = {"fact": "yes", "is": False}
UNKNOWN = {"fact": "nobody_knows", "is": True}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (TRUE, True),
        (FALSE, False),
        (UNKNOWN, None),
        ({"all": []}, True),
        ({"any": []}, False),
        ({"all": [TRUE, UNKNOWN]}, None),
        ({"all": [FALSE, UNKNOWN]}, False),
        ({"any": [TRUE, UNKNOWN]}, True),
        ({"any": [FALSE, UNKNOWN]}, None),
        ({"fact": "number", "at_most": 10}, True),
        ({"fact": "number", "at_most": 9.999}, False),
        ({"fact": "empty", "at_most": 10}, None),
        ({"fact": "word", "in": ["a", "b"]}, True),
        ({"fact": "word", "in": ["b"]}, False),
        ({"fact": "empty", "missing": True}, True),
        ({"fact": "word", "missing": True}, False),
        ({"fact": "word", "missing": False}, True),
    ],
)
def test_verdict_is_true_false_or_undecided(condition, expected):
    facts = {"yes": True, "number": 10, "word": "a", "empty": ""}

    assert verdict(condition, facts) is expected
    assert holds(condition, facts) is (expected is True)


@pytest.mark.parametrize(
    "condition",
    [
        {"fact": "a"},
        {"is": 3},
        {"fact": "a", "is": 1, "at_most": 2},
        {"fact": "a", "like": 1},
        {"all": TRUE},
        {"any": [TRUE], "all": [TRUE]},
        {"all": [{"fact": "a"}]},
    ],
)
def test_check_refuses_what_cannot_be_judged(condition):
    with pytest.raises(ValueError, match=r"takes a list|leaf is a fact"):
        check(condition)


def enterprise(sector="production", insured=None, revenue=None, capital=None):
    return {"kind": "enterprise", "sector": sector, "insured_headcount": insured, "revenue": revenue, "capital": capital}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"kind": "agency", "is_armed_forces": True}, "agency-armed-forces"),
        ({"kind": "agency", "is_armed_forces": False}, None),
        ({"kind": "school", "school_level": "nursery"}, "school-young-children"),
        ({"kind": "school", "school_level": "kindergarten"}, "school-young-children"),
        ({"kind": "school", "school_level": "primary"}, "school-young-children"),
        ({"kind": "school", "school_level": "lower_secondary"}, None),
        ({"kind": "school", "school_level": "mixed_general"}, None),
        ({"kind": "school", "school_level": ""}, None),
        ({"kind": "residential_area"}, None),
        ({"kind": "commune", "is_armed_forces": True}, None),
        # micro: at most 10 insured workers and (turnover or capital)
        (enterprise("production", 10, 3, 999), "enterprise-micro"),
        (enterprise("production", 10, 999, 3), "enterprise-micro"),
        (enterprise("services", 10, 10, 999), "enterprise-micro"),
        (enterprise("services", 10, 999, 3), "enterprise-micro"),
        # small: the next column of the table, up to its limits
        (enterprise("production", 10, "3.001", "3.001"), "enterprise-small"),
        (enterprise("production", 11, 3, 3), "enterprise-small"),
        (enterprise("production", 100, 50, 999), "enterprise-small"),
        (enterprise("production", 100, 999, 20), "enterprise-small"),
        (enterprise("services", 50, 100, 999), "enterprise-small"),
        (enterprise("services", 50, 999, 50), "enterprise-small"),
        # medium and large take part
        (enterprise("production", 101, 1, 1), None),
        (enterprise("production", 100, "50.001", "20.001"), None),
        (enterprise("services", 51, 1, 1), None),
        (enterprise("services", 50, "100.001", "50.001"), None),
        # missing facts never exclude, unless the rest decides
        (enterprise("production", 100, None, 21), None),
        (enterprise("production", 100, None, 20), "enterprise-small"),
        (enterprise("", 5, 1, 1), None),
        (enterprise("services", None, 1, 1), None),
    ],
)
def test_first_exclusion_follows_the_circular(facts, code):
    found = first_exclusion(facts, on=ON)

    assert (found.code if found else None) == code


@pytest.mark.django_db
def test_exclusion_cites_the_article_and_reads_a_unit():
    unit = Unit(kind=UnitKind.SCHOOL, school_level="primary")

    found = first_exclusion(unit, on=ON)

    assert found.citation == "Thông tư 124/2021/TT-BCA, điểm b khoản 2 Điều 1"
    assert found.explanation.startswith("Trường tiểu học, trường mầm non, nhà trẻ")


@pytest.mark.django_db
def test_exclusion_waits_for_its_first_day():
    facts = {"kind": "school", "school_level": "primary"}

    assert first_exclusion(facts, on=date(2022, 2, 9)) is None
    assert first_exclusion(facts, on=date(2022, 2, 10)) is not None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        (enterprise("production", 100, None, 21), ("revenue",)),
        (enterprise("production", 5, None, None), ("revenue", "capital")),
        (enterprise("production", 500, None, None), ()),
        (enterprise("production", 100, None, 20), ()),
        (enterprise("", 500, None, None), ()),
        (enterprise("", 60, 60, 60), ()),
        (enterprise("", 60, 40, 40), ("sector",)),
        (enterprise("services", None, 500, 500), ()),
        ({"kind": "school", "school_level": ""}, ("school_level",)),
        ({"kind": "agency"}, ("is_armed_forces",)),
        ({"kind": "residential_area"}, ()),
    ],
)
def test_missing_facts_names_what_must_be_asked(facts, missing):
    assert missing_facts(facts, on=ON) == missing


@pytest.mark.django_db
def test_exclusion_rules_are_read_once_for_a_batch(django_assert_num_queries):
    rules = tuple(ExclusionRule.objects.all())

    with django_assert_num_queries(0):
        assert first_exclusion({"kind": "school", "school_level": "primary"}, on=ON, rules=rules) is not None
        assert missing_facts({"kind": "agency"}, on=ON, rules=rules) == ("is_armed_forces",)


@pytest.mark.django_db
def test_loading_rules_again_changes_nothing():
    assert (load_exclusion_rules(), load_authority_rules()) == (0, 0)
    assert (ExclusionRule.objects.count(), AuthorityRule.objects.count()) == (4, 22)


@pytest.mark.django_db
def test_loading_a_changed_rule_changes_its_row():
    entry = {
        "code": "school-young-children",
        "kind": "school",
        "condition": {"fact": "school_level", "in": ["nursery"]},
        "citation": "Thông tư 124/2021/TT-BCA, điểm b khoản 2 Điều 1",
        "explanation": "Nhà trẻ không thuộc đối tượng.",
        "valid_from": "2022-02-10",
        "valid_to": "2026-12-31",
    }

    assert load_exclusion_rules([entry]) == 1
    assert ExclusionRule.objects.get(code="school-young-children").valid_to == date(2026, 12, 31)


@pytest.mark.django_db
def test_loading_refuses_a_condition_that_cannot_be_judged():
    with pytest.raises(ValueError, match="leaf is a fact"):
        load_exclusion_rules([{"code": "x", "kind": "school", "condition": {"fact": "a"}, "valid_from": "2022-02-10"}])


def authorities_on(day):
    rows = AuthorityRule.objects.filter(current(day)).order_by("unit_kind", "managing_level")
    return {(rule.unit_kind, rule.managing_level): (rule.authority_level, rule.route) for rule in rows}


@pytest.mark.django_db
def test_authorities_after_the_district_was_abolished():
    of_units = {"commune": ("commune", ["commune"]), "province": ("province", ["province"]), "ministry": ("ministry", ["ministry"])}
    expected = {(kind, level): decided for kind in ("agency", "enterprise", "school") for level, decided in of_units.items()}
    expected |= {("residential_area", "commune"): ("commune", ["commune"]), ("commune", "province"): ("province", ["province"])}

    assert authorities_on(date(2025, 7, 1)) == expected


@pytest.mark.django_db
def test_authorities_of_the_past_keep_the_district():
    assert authorities_on(date(2025, 6, 30))["commune", "province"] == ("district", ["district"])
    assert authorities_on(date(2025, 6, 30))["residential_area", "commune"] == ("commune", ["commune"])
    assert authorities_on(date(2022, 2, 9)) == {}
