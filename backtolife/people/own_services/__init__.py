"""The services that one person works for: choosing one, changing to another, and what joins their accounts."""
