"""FHIR Questionnaires, read and written."""
