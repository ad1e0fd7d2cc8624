"""The demo's videos, made from a script."""
