"""How long a record is kept: whose time is over is found each night, and proposed to people. It erases nobody."""
