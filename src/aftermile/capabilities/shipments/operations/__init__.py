"""The acts of this room, one file each."""
