"""The quote: what is said before the purchase of when something comes, and what it costs."""
