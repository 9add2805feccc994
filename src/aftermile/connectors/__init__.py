"""Sockets and plugs to the outside world: plain Python, no web framework, no ORM."""
