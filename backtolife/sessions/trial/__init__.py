"""A patient tries camera, sound and network alone, days before the first session, with an echo of themselves."""
