"""Routes of broadcasts, a module a resource."""
