"""Tables of states: criteria set, dossier, committee session, decision, recognition."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.transitions import Transition
from evaluations import policies


class CriteriaSetState(models.TextChoices):
    DRAFT = "draft", _("đang soạn")
    CONFIRMED = "confirmed", _("đã đối chiếu")
    PUBLISHED = "published", _("đã ban hành")


K = CriteriaSetState
CONFIRM_CRITERIA = Transition(
    "criteria.confirm", frozenset({K.DRAFT}), K.CONFIRMED, _("Xác nhận đã đối chiếu"), policies.can_publish_criteria
)
PUBLISH_CRITERIA = Transition(
    "criteria.publish", frozenset({K.CONFIRMED}), K.PUBLISHED, _("Ban hành bộ tiêu chí"), policies.can_publish_criteria
)
CRITERIA_TRANSITIONS = (CONFIRM_CRITERIA, PUBLISH_CRITERIA)


class DossierState(models.TextChoices):
    OPEN = "open", _("đang tự đánh giá")
    SUBMITTED = "submitted", _("đã nộp, chờ tiếp nhận")
    RECEIVED = "received", _("đang thẩm định")
    RETURNED = "returned", _("trả lại bổ sung")
    PROPOSED = "proposed", _("đã đề xuất")
    DECIDED = "decided", _("đã có quyết định")


D = DossierState
SUBMIT = Transition("dossier.submit", frozenset({D.OPEN, D.RETURNED}), D.SUBMITTED, _("Ký và nộp hồ sơ"), policies.can_submit)
WITHDRAW = Transition("dossier.withdraw", frozenset({D.SUBMITTED}), D.OPEN, _("Rút hồ sơ để sửa"), policies.can_submit)
RECEIVE = Transition("dossier.receive", frozenset({D.SUBMITTED}), D.RECEIVED, _("Tiếp nhận hồ sơ"), policies.can_receive)
RETURN = Transition("dossier.return", frozenset({D.RECEIVED}), D.RETURNED, _("Trả lại bổ sung"), policies.can_appraise)
PROPOSE = Transition("dossier.propose", frozenset({D.RECEIVED}), D.PROPOSED, _("Đề xuất với Ban Chỉ đạo"), policies.can_appraise)
DECIDE = Transition("dossier.decide", frozenset({D.PROPOSED}), D.DECIDED, _("Ghi kết quả quyết định"), policies.can_decide_by_system)
DOSSIER_TRANSITIONS = (SUBMIT, WITHDRAW, RECEIVE, RETURN, PROPOSE, DECIDE)
ANSWERABLE_STATES = frozenset({D.OPEN, D.RETURNED})


class SessionState(models.TextChoices):
    DRAFTED = "drafted", _("đang chuẩn bị")
    OPEN = "open", _("đang họp")
    CLOSED = "closed", _("đã kết thúc")


S = SessionState
OPEN_SESSION = Transition("session.open", frozenset({S.DRAFTED}), S.OPEN, _("Khai mạc phiên họp"), policies.can_keep_session)
CLOSE_SESSION = Transition("session.close", frozenset({S.OPEN}), S.CLOSED, _("Kết thúc phiên họp"), policies.can_close_session)
SESSION_TRANSITIONS = (OPEN_SESSION, CLOSE_SESSION)


class DecisionState(models.TextChoices):
    PENDING = "pending", _("dự thảo")
    APPROVED = "approved", _("đã duyệt, đang in")
    RELEASED = "released", _("đã công bố")


X = DecisionState
APPROVE = Transition("decision.approve", frozenset({X.PENDING}), X.APPROVED, _("Duyệt và cấp số"), policies.can_approve_decision)
RELEASE = Transition("decision.release", frozenset({X.APPROVED}), X.RELEASED, _("Công bố"), policies.can_approve_decision)
DECISION_TRANSITIONS = (APPROVE, RELEASE)
