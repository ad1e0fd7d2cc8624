"""Guides to read: public pages, in each language whose words a clinician of the service has signed."""
