"""Which words in other languages a clinical lead has signed for a service."""
