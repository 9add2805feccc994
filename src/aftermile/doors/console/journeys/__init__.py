"""Journeys as staff see them: in words, as a map, as a draft that is being written, and as what they would have done."""
