"""Large fleets on open roads: many pickups, many destinations, no corridor, the aim `expected`."""
