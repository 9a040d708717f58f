from movement.transitions.campaign import open_campaign
from movement.transitions.registration import (
    decline_registration,
    prepare_registration,
    receive_registration,
    return_registration,
    sign_registration,
)

__all__ = [
    "decline_registration",
    "open_campaign",
    "prepare_registration",
    "receive_registration",
    "return_registration",
    "sign_registration",
]
