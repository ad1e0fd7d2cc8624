"""Who somebody is beyond their name: the numbers under which others know them."""
