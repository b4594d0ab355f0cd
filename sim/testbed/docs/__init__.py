"""Documents that follow from the models: the format of scenarios (schema and page) and the KPIs."""
