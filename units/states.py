"""Tables of states of the register."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.transitions import Transition
from units import policies


class ApplicationState(models.TextChoices):
    DRAFT = "draft", _("đang khai")
    SUBMITTED = "submitted", _("chờ xác nhận")
    CONFIRMED = "confirmed", _("đã xác nhận")
    REFUSED = "refused", _("bị từ chối")


S = ApplicationState
SUBMIT = Transition(
    "application.submit", frozenset({S.DRAFT, S.REFUSED}), S.SUBMITTED, _("Gửi đăng ký đơn vị"), policies.can_submit_application
)
CONFIRM = Transition("application.confirm", frozenset({S.SUBMITTED}), S.CONFIRMED, _("Xác nhận đơn vị"), policies.can_decide_application)
REFUSE = Transition("application.refuse", frozenset({S.SUBMITTED}), S.REFUSED, _("Từ chối đăng ký"), policies.can_decide_application)
APPLICATION_TRANSITIONS = (SUBMIT, CONFIRM, REFUSE)
