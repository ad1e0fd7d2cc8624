"""The programme as data: read from its files, checked, unchangeable."""
