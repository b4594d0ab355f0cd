"""Which records may be rated? The simulation's batches (``usage_batch``) and CDR files of elements (``cdr``)."""

from ossbss.bss.revenue.mediation.usage_batch import Mediated, mediate
from ossbss.bss.revenue.mediation.validation import LARGEST

__all__ = ["LARGEST", "Mediated", "mediate"]
