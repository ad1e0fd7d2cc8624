"""From an upload to a package that a browser can stream."""
