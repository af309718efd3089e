"""Roads: from an OpenStreetMap extract to travel times that know what is closed."""
