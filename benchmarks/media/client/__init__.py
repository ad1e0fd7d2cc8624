"""A participant made of packets, and what it sends and counts."""
