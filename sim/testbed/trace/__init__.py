"""One thing followed through every hop, from the tables of a run folder."""
