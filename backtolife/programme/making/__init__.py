"""The list of groups, and making a new one: its dates, who leads and spots, what is unusual about them."""
