"""What browsers did not let a page do, because our rules for pages forbid it: they tell us, and we count."""
