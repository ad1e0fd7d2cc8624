"""The versions of the programme that a service has: kept, offered, put away, shared, as a file, compared."""
