"""The acts of the gate, one file each."""
