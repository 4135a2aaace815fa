"""Routes of organisations, a module a resource."""
