"""Remote beside face to face: margins and the service's own results."""
