"""Files of call records, rated one after the other into a folder that survives a kill."""
