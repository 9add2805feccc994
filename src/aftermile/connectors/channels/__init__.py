"""Channels: how messages travel. A folder with a `channel` in its `__init__` is one."""
