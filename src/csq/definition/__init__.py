"""metrics.yaml as typed, frozen models, with the place of every key."""
