"""What is written down beside changes: looks, refusals, attacks."""
