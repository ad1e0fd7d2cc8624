"""One way out for e-mail: queued, sent, and told why not."""
