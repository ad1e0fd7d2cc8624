"""What help there is: what is offered where, by whom, for whom, in which language, and how long the wait is."""
