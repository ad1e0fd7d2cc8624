"""What one member may cause, and what the engine carries. Pure."""
