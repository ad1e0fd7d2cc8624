"""Staff who sign in at their organisation."""
