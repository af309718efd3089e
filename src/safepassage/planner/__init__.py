"""Make and prove plans."""
