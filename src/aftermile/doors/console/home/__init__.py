"""What the console's home is drawn from: rows, charts, figures and words, all plain values."""
