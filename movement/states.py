"""Tables of states of the campaign and of the registration."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.transitions import Transition
from movement import policies


class CampaignState(models.TextChoices):
    DRAFT = "draft", _("đang soạn")
    OPEN = "open", _("đang mở")


C = CampaignState
OPEN_CAMPAIGN = Transition("campaign.open", frozenset({C.DRAFT}), C.OPEN, _("Mở đợt"), policies.can_open_campaign)
CAMPAIGN_TRANSITIONS = (OPEN_CAMPAIGN,)


class RegistrationState(models.TextChoices):
    DRAFT = "draft", _("đang soạn")
    PREPARED = "prepared", _("chờ ký")
    SIGNED = "signed", _("đã ký, đã gửi")
    RETURNED = "returned", _("bị trả lại")
    RECEIVED = "received", _("đã tiếp nhận")


S = RegistrationState
PREPARE = Transition("registration.prepare", frozenset({S.DRAFT, S.RETURNED}), S.PREPARED, _("Trình ký"), policies.can_prepare_registration)
DECLINE = Transition("registration.decline", frozenset({S.PREPARED}), S.DRAFT, _("Chưa ký, yêu cầu sửa"), policies.can_sign_registration)
SIGN = Transition("registration.sign", frozenset({S.PREPARED}), S.SIGNED, _("Ký và gửi"), policies.can_sign_registration)
RETURN = Transition("registration.return", frozenset({S.SIGNED}), S.RETURNED, _("Trả lại"), policies.can_receive_registration)
RECEIVE = Transition("registration.receive", frozenset({S.SIGNED}), S.RECEIVED, _("Tiếp nhận"), policies.can_receive_registration)
REGISTRATION_TRANSITIONS = (PREPARE, DECLINE, SIGN, RETURN, RECEIVE)
EDITABLE_STATES = frozenset({S.DRAFT, S.RETURNED})
