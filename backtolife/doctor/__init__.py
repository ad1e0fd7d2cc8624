"""`backtolife doctor`: looks at each thing the product needs, by trying it."""
