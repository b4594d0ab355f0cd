"""Which records may be rated? The simulation's batches (``usage_batch``) and CDR files of elements (``cdr``)."""

from ossbss.bss.revenue.mediation.usage_batch import Mediated, mediate

__all__ = ["Mediated", "mediate"]
