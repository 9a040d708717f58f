"""The plan with which a campaign is opened: a checklist, quorum and majority for each kind of unit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import OnceForm
from evaluations.operations.campaign import PlanChoice, published_checklists
from units.roles import UnitKind

QUORUMS = {"2/3": _("Hai phần ba số thành viên"), "1/2": _("Một nửa số thành viên"), "3/4": _("Ba phần tư số thành viên")}
MAJORITIES = {"1/2": _("Quá nửa số người có quyền biểu quyết"), "2/3": _("Quá hai phần ba số người có quyền biểu quyết")}


def fraction(text: str) -> tuple[int, int]:
    numerator, _slash, denominator = text.partition("/")
    return int(numerator), int(denominator)


class PlanForm(OnceForm):
    """One checklist, quorum and majority per kind; the newest published checklist stands first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checklists = {kind: {str(row.pk): row for row in published_checklists(kind)} for kind in UnitKind.values}
        for kind, found in self.checklists.items():
            label = UnitKind(kind).label
            self.fields[f"checklist-{kind}"] = forms.ChoiceField(
                label=_("%(kind)s: bộ tiêu chí") % {"kind": label},
                choices=[(pk, f"{row.title} ({row.version})") for pk, row in found.items()],
                error_messages={"required": _("Chưa có bộ tiêu chí đã ban hành cho loại đơn vị này.")},
            )
            self.fields[f"quorum-{kind}"] = forms.ChoiceField(
                label=_("%(kind)s: dự họp ít nhất") % {"kind": label}, choices=list(QUORUMS.items())
            )
            self.fields[f"majority-{kind}"] = forms.ChoiceField(
                label=_("%(kind)s: tán thành") % {"kind": label}, choices=list(MAJORITIES.items())
            )

    def groups(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """Id, heading and fields of each kind."""
        parts = ("checklist", "quorum", "majority")
        return [(f"loai-{kind}", str(UnitKind(kind).label), [self[f"{part}-{kind}"] for part in parts]) for kind in UnitKind.values]

    def plans(self) -> dict[str, PlanChoice]:
        data = self.cleaned_data
        return {
            kind: PlanChoice(found[data[f"checklist-{kind}"]], *fraction(data[f"quorum-{kind}"]), *fraction(data[f"majority-{kind}"]))
            for kind, found in self.checklists.items()
        }
