"""Networks that several concepts share."""
