"""From answers to scores, bands, alerts and change. Pure."""
