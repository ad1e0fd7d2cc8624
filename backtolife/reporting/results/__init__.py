"""The results page and its reports."""
