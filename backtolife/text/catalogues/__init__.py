"""The words of pages in other languages: one file of gettext (.po) for each, drafts until a clinician signs them."""
