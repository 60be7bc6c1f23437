"""What the events are like: the catalog of what was ever sent, and how good it is lately."""
