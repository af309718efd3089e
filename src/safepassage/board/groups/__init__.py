"""People by slip: asked, boarded, got off, handed over, looked for. Numbers, never names."""
