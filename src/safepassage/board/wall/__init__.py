"""The wall: one page that answers, live on every screen, and the liaison view."""
