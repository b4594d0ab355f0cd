"""The price list shillings-a as somebody writes it who rates nothing else.

Micro-units for a pulse; of a call for 60 pulses, the price of a minute. ``ALLOWANCES``: in pulses, each month; messages
at home are free with every postpaid plan.
"""

from ossbss.contract.units import HOUR_MS
from tests.benchmarks.rating_rivals.dataset import ENDS_MS, SECOND_MONTH_MS

OFFSET_MS = 3 * HOUR_MS
"""of Nairobi's time, which has no summer time"""
DAY_FROM_HOUR, DAY_UNTIL_HOUR = 8, 22
PULSE = {"voice": 1_000, "sms": 1, "data": 100_000}
PRICE = {
    ("voice", "on_net"): 4_870_000, ("voice", "off_net"): 4_870_000, ("voice", "international"): 30_000_000,
    ("sms", "on_net"): 1_200_000, ("sms", "off_net"): 1_200_000, ("sms", "international"): 10_000_000,
    ("data", "on_net"): 400_000,
}  # fmt: skip
NIGHT_PRICE = 2_500_000
"""of calls within the network"""
DIVISOR = {"voice": 60, "sms": 1, "data": 1}
ALLOWANCES = {
    "postpay-s": {"voice": 400 * 60, "data": 50_000},
    "postpay-m": {"voice": 1_000 * 60, "data": 150_000},
    "postpay-l": {"voice": 1_500 * 60, "data": 250_000},
}
MONTH_ENDS_MS = (SECOND_MONTH_MS, ENDS_MS)
FOUND = ("usage_id", "amount_micros", "free")
"""What everybody finds."""
