"""Prices tried before they are sold: examples, and other catalogues on the same usage."""
