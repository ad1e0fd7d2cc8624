"""What surrounds every page: the edge, refusals, headers, and gunicorn's worker."""
