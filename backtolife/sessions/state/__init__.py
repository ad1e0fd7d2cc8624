"""The room's state and the pure rules that change it: no database, no sockets."""
