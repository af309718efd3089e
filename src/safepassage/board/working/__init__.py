"""The working pages: what each role of the room looks at and does, from the same picture."""
