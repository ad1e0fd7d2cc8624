"""Staff who sign in at their organisation (OpenID Connect): what it tells us of them, and when it stops doing so."""
