"""csq: service KPIs from exported CSV and Excel data, with numbers that explain themselves."""
