"""Public data sets that the delivery model is measured on: read here, shipped nowhere."""
