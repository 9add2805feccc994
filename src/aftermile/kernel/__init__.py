"""Words and guarantees every room shares; knows no parcel and no return."""
