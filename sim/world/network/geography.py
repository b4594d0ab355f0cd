"""Distances on the globe."""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0
"""Mean radius."""


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance of two places (longitude, latitude in degrees), haversine formula."""
    lon_a, lat_a, lon_b, lat_b = (radians(x) for x in (*a, *b))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(half))
