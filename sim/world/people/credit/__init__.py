"""Prepaid life: what people do with airtime, what a network asks charging for, and what that leaves of their wishes."""
