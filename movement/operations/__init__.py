from movement.operations.campaign import change_campaign, create_campaign
from movement.operations.committee import add_member, change_committee, change_member, found_committee
from movement.operations.invitation import dossier_code, invite_new_unit, invite_units
from movement.operations.registration import save_registration
from movement.operations.wording import publish_commitment_texts

__all__ = [
    "add_member",
    "change_campaign",
    "change_committee",
    "change_member",
    "create_campaign",
    "dossier_code",
    "found_committee",
    "invite_new_unit",
    "invite_units",
    "publish_commitment_texts",
    "save_registration",
]
