"""The pathway around the programme, from referral to discharge: what comes before a group, beside it and after it."""
