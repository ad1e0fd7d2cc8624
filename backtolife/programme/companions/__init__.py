"""Who is booked beside a patient for a whole course, and what they are told of it."""
