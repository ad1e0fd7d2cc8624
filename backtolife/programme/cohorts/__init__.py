"""Groups: their dates, who is enrolled, who acts in them."""
