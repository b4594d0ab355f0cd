"""Performance management: counters of the elements, and the failures that only they tell of."""
