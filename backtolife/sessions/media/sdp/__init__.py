"""Session descriptions: a client's offer and the server's answer."""
