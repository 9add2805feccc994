"""The shapes every connector speaks: words, facts and sockets."""
