"""The domain of a port: what is declared, planned, answered, and its store."""
