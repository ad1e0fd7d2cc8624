"""Which words and questions a service asks: imported, adopted, signed for."""
