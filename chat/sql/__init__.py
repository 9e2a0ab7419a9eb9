"""The hot statements, each a constant with the indexes it relies on."""
