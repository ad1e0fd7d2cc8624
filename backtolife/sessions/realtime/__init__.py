"""The sockets: who connects, who comes and goes, and what watches over both."""
