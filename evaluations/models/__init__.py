from evaluations.models.criteria import AnswerKind, AssessmentPlan, CriteriaSet, Criterion, Question
from evaluations.models.decision import Certificate, Decision, Recognition, Reprint, Revocation
from evaluations.models.dossier import (
    Answer,
    AnswerResult,
    Dossier,
    Evidence,
    Proposal,
    Result,
    Return,
    ReturnItem,
    SelfReview,
    SourceSnapshot,
)
from evaluations.models.session import AgendaItem, Attendance, CommitteeSession, Conflict, Vote

__all__ = [
    "AgendaItem",
    "Answer",
    "AnswerKind",
    "AnswerResult",
    "AssessmentPlan",
    "Attendance",
    "Certificate",
    "CommitteeSession",
    "Conflict",
    "CriteriaSet",
    "Criterion",
    "Decision",
    "Dossier",
    "Evidence",
    "Proposal",
    "Question",
    "Recognition",
    "Reprint",
    "Result",
    "Return",
    "ReturnItem",
    "Revocation",
    "SelfReview",
    "SourceSnapshot",
    "Vote",
]
