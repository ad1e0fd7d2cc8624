"""The audit log holds together, and says where it does not."""
