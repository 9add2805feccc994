"""Orders, shoppers, products, shipments and scans from the CSV files of any shop."""
