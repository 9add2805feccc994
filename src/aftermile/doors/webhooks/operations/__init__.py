"""The acts on webhook endpoints and their messages."""
