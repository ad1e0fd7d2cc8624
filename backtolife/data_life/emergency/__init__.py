"""A clinician opens, in an emergency, a record that is not theirs to see: with a reason, for an hour, and told on."""
