"""Long runs whose output is kept in docs/safety/results, so that a figure there was never typed by hand."""
