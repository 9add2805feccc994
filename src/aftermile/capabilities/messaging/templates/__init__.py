"""Templates of messages: a merchant's words in MJML and Liquid, compiled once, rendered for one person."""
