"""Complaints of residents: taken privately, delivered to whom they are for, answered."""
