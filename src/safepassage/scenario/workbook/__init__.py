"""The long tables of a scenario as an XLSX workbook, both ways, for those who never saw TOML."""
