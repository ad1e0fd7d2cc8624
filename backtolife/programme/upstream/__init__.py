"""What another version of the programme says anew, beside a draft: looked at change by change, taken over or left."""
