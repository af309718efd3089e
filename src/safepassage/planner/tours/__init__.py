"""Bus tours: the objective `last_out` for loads, vehicles and places, small and large."""
