"""What must hold of a whole catalogue: names that are there, sums that fit, cycles."""
