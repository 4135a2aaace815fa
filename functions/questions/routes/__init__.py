"""Routes of questions, a module a resource."""
