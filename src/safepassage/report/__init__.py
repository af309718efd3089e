"""What is printed and exported: tables, charts, sheets, for each audience its own."""
