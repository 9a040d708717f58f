from movement.models.campaign import AssessmentWindow, Campaign, Extension, Milestone, MilestoneCode, Participation
from movement.models.committee import CommitteeMembership, SteeringCommittee
from movement.models.practice import ModelPractice, ModelYear
from movement.models.registration import Commitment, CommitmentTemplate, HouseholdCount, Registration

__all__ = [
    "AssessmentWindow",
    "Campaign",
    "Commitment",
    "CommitmentTemplate",
    "CommitteeMembership",
    "Extension",
    "HouseholdCount",
    "Milestone",
    "MilestoneCode",
    "ModelPractice",
    "ModelYear",
    "Participation",
    "Registration",
    "SteeringCommittee",
]
