"""The database: engine, guards, columns, migrations."""
