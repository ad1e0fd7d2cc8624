"""Load on an engine, what the kernel says of it, and the figures that come of both."""
