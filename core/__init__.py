"""The ground floor: errors, HTTP edges, ids, clock, limits. No models, no rules of the domain."""
