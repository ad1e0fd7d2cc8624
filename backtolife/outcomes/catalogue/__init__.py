"""Questionnaires as data: read, checked, and in the words a patient sees."""
