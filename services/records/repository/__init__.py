"""Every query of records, one module per thing it keeps. Nothing else in the service speaks SQL."""
