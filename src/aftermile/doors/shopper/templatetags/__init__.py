"""Template tags of the shopper's pages."""
