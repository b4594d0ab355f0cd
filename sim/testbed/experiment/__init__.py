"""Experiments: many runs of one plan, measured against the truth."""
