from movement.forms.campaign import CampaignForm
from movement.forms.committee import CommitteeForm, MemberForm
from movement.forms.registration import ReasonForm, RegistrationForm, SignForm

__all__ = ["CampaignForm", "CommitteeForm", "MemberForm", "ReasonForm", "RegistrationForm", "SignForm"]
