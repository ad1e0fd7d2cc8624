"""The pages on which administrators look after colleagues, and second persons confirm roles."""

STAFF: dict[str, str] = {
    "access_review.record": "staff.manage",
    "access_review.show": "staff.manage",
    "colleagues.change_roles": "staff.manage",
    "colleagues.confirm": "staff.manage",
    "colleagues.end_one_sign_in": "staff.manage",
    "colleagues.find_some": "staff.manage",
    "colleagues.hand_over": "staff.manage",
    "colleagues.invite": "staff.invite",
    "colleagues.invite_again": "staff.manage",
    "colleagues.overview": "staff.manage",
    "colleagues.reset_second_step": "staff.manage",
    "colleagues.show": "staff.manage",
    "colleagues.sign_out": "staff.manage",
    "colleagues.switch_off": "staff.manage",
    "colleagues.switch_on": "staff.manage",
    "proposed_roles.confirm": "role.confirm",
    "proposed_roles.decline": "role.confirm",
    "proposed_roles.propose": "role.propose",
    "proposed_roles.show": "role.confirm",
}
