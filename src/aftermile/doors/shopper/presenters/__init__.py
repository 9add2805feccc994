"""Turn views of the rooms into the plain words and values a page shows."""
