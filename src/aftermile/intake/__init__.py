"""The gate for facts: verify, keep the raw record, drop repeats, translate, hand on to one act; replay."""
