"""Sockets, DTLS and keys."""
