"""Accounts in several services that were shown to be one person's: one sign-in opens them all."""
