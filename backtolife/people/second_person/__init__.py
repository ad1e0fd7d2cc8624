"""Roles that open health records are given by two people: one proposes, another one confirms."""
