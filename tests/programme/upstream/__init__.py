"""What a newer version of the programme says anew, beside a draft."""
