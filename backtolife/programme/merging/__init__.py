"""One person recorded twice: found, looked at, and made one record with both histories."""
