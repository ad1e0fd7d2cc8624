"""What an attacker can learn, use up or keep open, measured against the product really running on loopback."""
