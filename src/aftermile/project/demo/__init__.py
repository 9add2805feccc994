"""The demonstration: a simulated shop and carriers, which send to the real intake over HTTP."""
