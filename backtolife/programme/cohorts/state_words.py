"""Where somebody stands in a group, in words for staff, in the order of a list."""

from collections.abc import Mapping

from backtolife.programme.cohorts.rules import EnrolmentState

STATE_WORDS: Mapping[EnrolmentState, str] = {
    EnrolmentState.INVITED: "Offered a place",
    EnrolmentState.ENROLLED: "Said yes, has a place",
    EnrolmentState.STARTED: "Has started",
    EnrolmentState.COMPLETED: "Has completed",
    EnrolmentState.DECLINED: "Said no, or gave no answer",
    EnrolmentState.OFFER_TAKEN_BACK: "Offer taken back",
    EnrolmentState.WITHDRAWN: "Has left",
    EnrolmentState.DIED: "Has died",
}
