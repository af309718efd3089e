"""A drill: one rehearsed run played into the room as what the world would say, at any speed."""
