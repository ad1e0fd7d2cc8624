"""Answers that a clinician must see: the task, who is on call, and by when."""
