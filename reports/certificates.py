"""What may be said of a certificate in public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evaluations.models import Certificate
from evaluations.states import DecisionState

LENGTH = 26
_ALIKE = str.maketrans("OIL", "011")


@dataclass(frozen=True)
class Verdict:
    """``valid``, ``revoked``, ``replaced`` or ``unknown``; the rest is empty for an unknown code."""

    outcome: str
    unit_name: str = ""
    place_name: str = ""
    year: int = 0
    number: int = 0
    decision_number: str = ""
    decided_on: date | None = None
    authority: str = ""

    @property
    def is_valid(self) -> bool:
        return self.outcome == "valid"

    @property
    def is_revoked(self) -> bool:
        return self.outcome == "revoked"

    @property
    def is_replaced(self) -> bool:
        return self.outcome == "replaced"

    @property
    def is_known(self) -> bool:
        return self.outcome != "unknown"


UNKNOWN = Verdict("unknown")


def normal_form(code: str) -> str:
    """The code as it is stored: capitals, digits for letters that look like them, nothing else."""
    plain = "".join(letter for letter in code.upper().translate(_ALIKE) if letter.isascii() and letter.isalnum())
    return plain[:LENGTH]


def check(code: str) -> Verdict:
    """Look a code up. Before its decision is released a certificate does not exist for anybody."""
    plain = normal_form(code)
    if len(plain) != LENGTH:
        return UNKNOWN
    certificate = (
        Certificate.objects.filter(code=plain, recognition__decision__state=DecisionState.RELEASED)
        .select_related("recognition__decision__document__authority", "recognition__dossier__participation__campaign", "replaced_by")
        .first()
    )
    if certificate is None:
        return UNKNOWN
    recognition = certificate.recognition
    document = recognition.decision.document
    outcome = "revoked" if recognition.revoked_at else "replaced" if hasattr(certificate, "replaced_by") else "valid"
    return Verdict(
        outcome,
        unit_name=recognition.unit_name,
        place_name=recognition.place_name,
        year=recognition.dossier.participation.campaign.year,
        number=certificate.number,
        decision_number=document.reference_number,
        decided_on=document.issued_on,
        authority=document.authority.name,
    )
