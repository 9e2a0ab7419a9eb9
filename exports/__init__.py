"""A person's own data as one archive, made by the worker."""
