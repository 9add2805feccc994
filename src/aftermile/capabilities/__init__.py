"""One room per business capability; each is entered through its `public` module."""
